#include "intake/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/spoken.h"
#include "crypto/keys.h"
#include "intake/findings.h"
#include "intake/internal/mended_file.h"
#include "intake/internal/pass.h"
#include "intake/names.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

// A load into a store that is thrown away.
class Trial {
public:
    Trial(const CheckRequest& request, const Host& host)
        : m_request(request), m_host(host), m_recipe(request.recipe) {}

    Result<json::object> run() {
        TRY(open_store());
        strip_references();
        TRY(rounds());
        if (m_draft.rows.read > 0 || !m_offered.empty())
            TRY(check_accepted(m_request.accept, m_offered, m_recipe));
        for (json::value& result : m_draft.results)
            describe(result.as_object(), m_headers);
        json::object answer{{"rejected", m_rejected},
                            {"refused", m_refused},
                            {"scores", m_draft.scores},
                            {"results", std::move(m_draft.results)},
                            {"not_judged", std::move(m_not_judged)}};
        if (!m_recipe.empty()) answer["mended"] = m_draft.mended;
        answer["damaged"] = damaged(answer.at("results").as_array());
        return answer;
    }

private:
    // Records that cannot be taken apart.
    static std::int64_t damaged(const json::array& results) {
        std::int64_t count = 0;
        for (const json::value& result : results) {
            if (std::string_view(result.at("rule").as_string()).starts_with("record:"))
                count += result.at("failed").to_number<std::int64_t>();
        }
        return count;
    }

    Result<void> open_store() {
        TRY_ASSIGN(m_key, crypto::PrivateKey::generate());
        store::Store::Options options;
        options.folder = m_request.scratch;
        options.disk = &m_host.disk;
        options.clock = &m_host.clock;
        options.random = &m_host.random;
        options.signer = &*m_key;
        TRY_ASSIGN(m_store, store::Store::open(options));
        m_info.contract = *m_request.contract;
        for (std::size_t i = 0; i < m_info.contract.columns.size(); ++i)
            m_info.fields.push_back({m_info.contract.columns[i].name, static_cast<int>(i) + 1});
        m_load.progress = m_request.progress;
        m_load.mend = m_request.mend;
        m_options.lists = m_request.lists;
        m_input.name = m_request.file_name;
        m_input.file = m_request.file;
        m_input.bytes = m_request.bytes;
        m_input.format = m_request.format;
        m_input.disk = &m_host.disk;
        m_input.encoding = m_request.encoding;
        m_input.sheet = m_request.sheet;
        m_input.entry = m_request.entry;
        m_input.temporary_folder = m_store->new_temporary("").parent_path();
        return {};
    }

    // What there is nothing to look up in is not judged, and that is said.
    void strip_references() {
        const auto is_there = [&](const std::string& dataset) {
            return dataset == m_info.contract.name ||
                   (m_request.lists != nullptr && m_request.lists->dataset(dataset));
        };
        const auto skip = [&](std::string_view columns, const std::string& dataset) {
            m_not_judged.push_back({{"column", columns}, {"to", dataset}});
        };
        for (contract::Column& column : m_info.contract.columns) {
            if (!column.reference || is_there(column.reference->dataset)) continue;
            skip(column.name, column.reference->dataset);
            column.reference.reset();
        }
        std::erase_if(m_info.contract.foreign_keys, [&](const contract::ForeignKey& key) {
            if (is_there(key.dataset)) return false;
            skip(fmt::format("{}", fmt::join(key.columns, ",")), key.dataset);
            return true;
        });
    }

    Result<void> rounds() {
        constexpr int kMostRounds = 4;  // as a load
        for (int round = 1;; ++round) {
            m_draft = {};
            m_refused = false;
            m_draft.id = fmt::format("check{}", round);
            TRY_ASSIGN(const std::vector<Proposal> proposals, once());
            for (const Proposal& proposal : proposals)
                m_offered.push_back(proposal.code());
            if (!m_request.mend || round == kMostRounds) break;
            if (m_contradicted.empty()) {
                if (!join(m_recipe, proposals, m_request.accept)) break;
            } else {
                std::erase_if(m_recipe, [&](const Step& step) {
                    return std::ranges::find(m_contradicted, step) != m_contradicted.end();
                });
            }
        }
        return {};
    }

    Result<std::vector<Proposal>> once() {
        TRY_ASSIGN(scan::Plan plan, quality::plan_of(m_info.contract));
        add_renames(m_recipe, plan);
        scan::InputOptions wanted = m_input;
        scan::want_columns(plan, wanted);
        TRY_ASSIGN(auto input, scan::RecordInput::open(wanted));
        m_headers = Headers(plan, input->names());
        TRY_ASSIGN(NamesVerdict names,
                   judge_names(*input, wanted,
                               {m_info.contract, m_recipe, m_request.lists, m_info.contract.mode}));
        if (!names.wrong.empty()) {  // a load would refuse the file
            m_draft.results = std::move(names.wrong);
            m_draft.scores = {};
            m_rejected = 0;  // no row was judged
            m_refused = true;
            return std::move(names.proposals);
        }
        Pass pass(*m_store, m_options, m_load, m_info, contract::Mode::kAppend, m_recipe, m_draft);
        TRY(pass.run(std::move(input), std::move(plan), {}));
        m_rejected = pass.set_aside();
        m_refused = m_draft.status == store::BatchStatus::kRefused;
        m_contradicted = pass.contradicted();
        std::vector<Proposal> proposals = pass.tell(std::move(names));
        if (!m_request.mended.empty()) TRY(write(pass));
        return proposals;
    }

    Result<void> write(const Pass& pass) {
        const std::vector<std::string> absent = pass.names_not_met();
        const MendedFile mended{m_info.contract, m_recipe,        pass.mender(),
                                pass.left_out(), pass.yielding(), absent};
        return write_mended(m_input, m_host.disk, mended, m_request.mended, m_request.damaged);
    }

    const CheckRequest& m_request;
    const Host& m_host;
    std::vector<Step> m_recipe, m_contradicted;
    std::optional<crypto::PrivateKey> m_key;
    std::unique_ptr<store::Store> m_store;
    store::DatasetInfo m_info;
    LoadRequest m_load;
    LoadOptions m_options;
    scan::InputOptions m_input;
    store::BatchDraft m_draft;
    std::int64_t m_rejected = 0;
    json::array m_not_judged;
    std::vector<std::string> m_offered;  // codes of the fixes
    Headers m_headers;
    bool m_refused = false;
};

// Rows of the file that a load under its first contract sets aside, told by such a load: only that
// counts a row once of which several cells are wrong, whatever columns they are in.
Result<std::int64_t> rejected_under(const contract::Contract& draft, const CheckRequest& request,
                                    const Host& host) {
    CheckRequest trial = request;
    trial.contract = draft.datasets.at(0);
    TRY_ASSIGN(const json::object judged, Trial(trial, host).run());
    return judged.at("rejected").as_int64();
}

// Why no contract can be written for a file: what `apply` would say of it.
Finding no_contract(const Error& error) {
    Finding finding{"no_contract", ""};
    finding.severity = contract::Severity::kError;
    finding.checked = 1;
    Text problem = error.detail, fix = error.fix;
    if (!error.errors.empty()) {
        problem = error.errors[0].problem;
        fix = error.errors[0].fix;
    }
    finding.sentence = {
        fmt::format("Không viết được hợp đồng cho tệp này: {}; {}.", problem.vi, fix.vi),
        fmt::format("No contract can be written for this file: {}; {}.", problem.en, fix.en)};
    return finding;
}

json::object described(const scan::Dialect& dialect) {
    const auto sign = [](char c) {
        return c == 0 ? json::value(nullptr) : json::value(std::string(1, c));
    };
    return {{"quote", sign(dialect.quote)},
            {"escape", sign(dialect.escape)},
            {"line_end", name_of(dialect.line_end)},
            {"byte_order_mark", dialect.byte_order_mark},
            {"header", dialect.has_header},
            {"preamble_lines", dialect.preamble_lines},
            {"header_lines", dialect.header_lines},
            {"footer_lines", dialect.footer_lines},
            {"confidence", std::round(dialect.confidence * 100) / 100}};
}

json::array described(const std::vector<scan::Part>& parts, bool with_columns) {
    json::array list;
    for (const scan::Part& part : parts) {
        json::object one;
        if (!part.name.empty()) one["name"] = part.name;
        one["rows"] = part.rows < 0 ? json::value(nullptr) : json::value(part.rows);
        if (with_columns) {
            one["columns"] = part.columns;
            one["line"] = part.line;
        } else if (part.bytes > 0) {
            one["bytes"] = part.bytes;
        } else {
            one["hidden"] = part.hidden;
        }
        one["chosen"] = part.chosen;
        list.push_back(std::move(one));
    }
    return list;
}

// Only what there is: a plain file has none of it.
void describe_contents(scan::Contents contents, std::int64_t rows, json::object& answer) {
    for (scan::Part& table : contents.tables) {
        if (table.chosen) table.rows = rows;
    }
    if (!contents.sheets.empty()) {
        answer["sheets"] = described(contents.sheets, false);
        answer["hidden"] = {{"rows", contents.hidden_rows}, {"columns", contents.hidden_columns}};
        answer["merged"] = contents.merged;
    }
    if (!contents.entries.empty()) answer["entries"] = described(contents.entries, false);
    if (!contents.tables.empty()) answer["tables"] = described(contents.tables, true);
    if (!contents.lists.empty()) answer["lists"] = described(contents.lists, false);
    if (!contents.member.empty()) answer["member"] = contents.member;
}

// Of a JSON document the list that the contract means, so that what is shown of the file is what is
// judged; empty for anything else.
Result<std::string> list_for(const contract::Dataset& dataset, scan::InputOptions options) {
    TRY_ASSIGN(const scan::Plan plan, quality::plan_of(dataset));
    scan::want_columns(plan, options);
    const auto input = scan::RecordInput::open(options);
    if (!input || !scan::is_json((*input)->format())) return std::string();
    const scan::Contents contents = (*input)->contents();
    return contents.entries.empty() ? contents.member : std::string();
}

json::value ranged(const Profile& profile) {
    if (!profile.dialect) return nullptr;
    const auto line = [](std::int64_t number) {
        return number == 0 ? json::value(nullptr) : json::value(number);
    };
    return json::object{{"header_line", line(profile.range.header_line)},
                        {"first_line", line(profile.range.first_line)},
                        {"last_line", line(profile.range.last_line)},
                        {"preamble_lines", profile.dialect->preamble_lines},
                        {"footer_lines", profile.dialect->footer_lines}};
}

}  // namespace

Result<json::object> check(const CheckRequest& request, const Host& host) {
    if (request.mend && !request.contract) {
        return fail(
            Code::kInvalid,
            {"Chưa có hợp đồng nên chưa biết sửa tệp theo gì.",
             "There is no contract, so nothing says how to mend the file."},
            {"Viết hợp đồng trước: nguon check TỆP --write-contract hop-dong.yaml; rồi dùng " +
                 spoken::parameter("contract", "hop-dong.yaml") + ".",
             "Write one first: nguon check FILE --write-contract contract.yaml; then use " +
                 spoken::parameter("contract", "contract.yaml") + "."});
    }
    scan::InputOptions options;
    options.name = request.file_name;
    options.file = request.file;
    options.bytes = request.bytes;
    options.format = request.format;
    options.encoding = request.encoding;
    options.sheet = request.sheet;
    options.entry = request.entry;
    options.survey = true;
    options.temporary_folder = request.scratch;
    options.disk = &host.disk;
    if (request.contract && options.entry.empty()) {
        TRY_ASSIGN(options.entry, list_for(*request.contract, options));
    }
    TRY_ASSIGN(const Profile profiled, profile(options, {host.random, host.clock.now()}));
    json::array damage;
    bool is_utf8 = true;
    for (const quality::RuleResult& result : profiled.damage) {
        is_utf8 = is_utf8 && result.rule != "record:encoding";
        json::object one = quality::to_json(result);
        describe(one, Headers());
        damage.push_back(std::move(one));
    }
    for (json::value& finding : findings_of(profiled))
        damage.push_back(std::move(finding));
    json::object answer{
        {"file", request.file_name},
        {"format", profiled.format},
        {"encoding", is_utf8 || profiled.encoding != "utf-8" ? profiled.encoding : "unknown"},
        {"delimiter", profiled.dialect && profiled.format == "csv"
                          ? json::value(profiled.dialect->delimiter)
                          : json::value(nullptr)},
        {"dialect",
         profiled.dialect ? json::value(described(*profiled.dialect)) : json::value(nullptr)},
        {"rows", profiled.rows},
        {"rejected", profiled.unreadable},
        {"range", ranged(profiled)},
        {"columns", columns_json(profiled)},
        {"duplicates", duplicates_json(profiled)},
        {"references", references_json(profiled)},
        {"results", std::move(damage)}};
    describe_contents(profiled.contents, profiled.rows, answer);
    if (request.contract) {
        TRY_ASSIGN(const json::object judged, Trial(request, host).run());
        for (const auto& member : judged)
            answer[member.key()] = member.value();
    } else {
        for (json::value& warning : warnings_of(profiled.contents)) {  // as the trial has them
            describe(warning.as_object(), Headers());
            answer["results"].as_array().push_back(std::move(warning));
        }
        if (profiled.columns.empty()) return answer;
        const std::string draft = draft_contract(profiled, request.file_name);
        const Result<contract::Contract> parsed = contract::parse(draft, "draft.yaml");
        if (!parsed) {
            answer["results"].as_array().push_back(to_json(no_contract(parsed.error())));
            answer["refused"] = true;
            return answer;
        }
        if (has_misfits(profiled)) {
            TRY_ASSIGN(answer["rejected"], rejected_under(*parsed, request, host));
        }
        answer["contract"] = draft;
    }
    return answer;
}

}  // namespace nguon::intake
