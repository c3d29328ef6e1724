// init, serve, version, demo: the commands that are no requests.
#include "cli/acts.h"
#include "cli/requests.h"

namespace nguon::cli {

Result<int> init(Session& session) {
    const Arguments& given = session.arguments();
    const std::filesystem::path folder = session.data();
    TRY_ASSIGN(const node::Identity identity,
               session.environment().init({folder, given.member, given.name_vi, given.name_en}));
    if (given.json) {
        session.print_json(json::value{{"data", folder.string()},
                                       {"member", identity.member},
                                       {"node", identity.node},
                                       {"key_id", identity.key_id}});
        return 0;
    }
    const Style& style = session.style();
    const Language language = session.language();
    session.print_line(style.sign(Sign::kGood) + " " +
                       say(language, words::kNodeMade, identity.member, folder.string()));
    session.print_line("  " + style.ink(Ink::kDim, std::string(words::kKeyId.in(language)) + ": " +
                                                       identity.key_id));
    std::string next = "nguon serve";
    if (!given.data.empty()) next += " --data " + given.data;
    session.print_line("  " + std::string(words::kNext.in(language)) + ": " +
                       style.ink(Ink::kBlue, next));
    return 0;
}

Result<int> serve(Session& session) {
    const Arguments& given = session.arguments();
    if (given.federation != "off") {
        return fail(Code::kInvalid, both(words::kNotYet, "--federation " + given.federation),
                    both(words::kFederationOff));
    }
    const node::ServeOptions options{session.data(), given.public_address, given.internal_address};
    const auto ready = [&session](const std::string& line) {
        session.print_line(line);
        if (!session.environment().err_is_terminal) return;
        const Result<json::value> at = parse_json(line);
        if (!at) return;
        session.note(say(session.language(), words::kServing, text_at(*at, "public"),
                         text_at(*at, "internal")));
    };
    TRY(session.environment().serve(options, ready));
    return 0;
}

Result<int> version(Session& session) {
    if (session.arguments().json) {
        session.print_json(json::value{{"version", kVersion}});
    } else {
        session.print_line(std::string("nguon ") + std::string(kVersion));
    }
    return 0;
}

Result<int> demo(Session& session) {
    const Arguments& given = session.arguments();
    DemoOptions options;
    options.once = given.once;
    options.fresh = given.fresh;
    options.port_base = static_cast<int>(given.port_base.value_or(0));
    options.language = session.language();
    options.json = given.json;
    return session.environment().demo(options);
}

}  // namespace nguon::cli
