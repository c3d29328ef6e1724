// The top of a contract; see internal/parser.h for the other steps.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/internal/parser.h"
#include "contract/internal/values.h"
#include "contract/internal/yaml.h"

namespace nguon::contract {
namespace internal {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Length of the UTF-8 character at the start, 0 when there is none.
std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80U ? 1 : lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
    return length <= text.size() && is_utf8(text.substr(0, length)) ? length : 0;
}

// Finds the first byte that may not be in a contract at all.
bool check_bytes(std::string_view text, Problems& problems) {
    Mark at{1, 1};
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = character_length(text.substr(i));
        const auto code = static_cast<unsigned char>(text[i]);
        if (length == 0) {
            problems.add(
                at, "", {"tệp không phải mã UTF-8", "the file is not UTF-8"},
                {"lưu lại tệp với bảng mã UTF-8", "save the file with the encoding UTF-8"});
            return false;
        }
        if ((code < 0x20U && code != '\n' && code != '\r' && code != '\t') || code == 0x7FU) {
            problems.add(at, "",
                         {fmt::format("ký tự điều khiển số {}", code),
                          fmt::format("control character {}", code)},
                         {"xoá ký tự này", "delete it"});
            return false;
        }
        i += length;
        at.column += static_cast<int>(length);
        if (code == '\n') at = {at.line + 1, 1};
    }
    return true;
}

void parse_api_version(Context& context, MapReader& top) {
    static constexpr std::array kVersions = {300, 301, 302, 310, 320};
    const auto place = top.required("apiVersion", "v3.1.0");
    if (!place) return;
    const auto text = scalar(context, *place);
    if (!text) return;
    context.contract.api_version = *text;
    for (const int version : kVersions) {
        if (name_of_version(version) != *text) continue;
        context.api = version;
        return;
    }
    const Text accepted{"viết `v3.0.0`, `v3.0.1`, `v3.0.2`, `v3.1.0` hoặc `v3.2.0`",
                        "write `v3.0.0`, `v3.0.1`, `v3.0.2`, `v3.1.0` or `v3.2.0`"};
    context.problem(*place,
                    {fmt::format("phiên bản chuẩn {} không được hỗ trợ", shown(*text)),
                     fmt::format("version {} of the standard is not supported", shown(*text))},
                    accepted);
}

void parse_version(Context& context, MapReader& top) {
    const auto place = top.required("version", "1.0.0");
    if (!place) return;
    const auto text = scalar(context, *place);
    if (!text) return;
    if (const auto version = as_version(*text)) {
        context.contract.version = *version;
        return;
    }
    const auto meant = as_version(text->starts_with('v') ? text->substr(1) : *text + ".0");
    context.problem(*place,
                    {fmt::format("phiên bản {} không có dạng lớn.nhỏ.vá", shown(*text)),
                     fmt::format("the version {} is not major.minor.patch", shown(*text))},
                    Text::same(meant ? "`version: " + *meant + "`" : "`version: 1.0.0`"));
}

void parse_kind(Context& context, MapReader& top) {
    const auto place = top.required("kind", "DataContract");
    if (!place) return;
    const auto text = scalar(context, *place);
    if (!text || *text == "DataContract") return;
    context.problem(*place,
                    {fmt::format("loại {} không phải là hợp đồng dữ liệu", shown(*text)),
                     fmt::format("the kind {} is not a data contract", shown(*text))},
                    Text::same("`kind: DataContract`"));
}

// The first part of every dataset's name: the domain, else the contract's name.
void parse_domain(Context& context, MapReader& top) {
    const auto name = top.value("name");
    const auto domain = top.value("domain");
    if (name) context.contract.name = scalar(context, *name).value_or("");
    if (!domain && !name) {
        top.required("domain", "population");
        return;
    }
    const Place& place = domain ? *domain : *name;
    const auto text = domain ? scalar(context, *domain) : std::optional(context.contract.name);
    if (!text || text->empty()) return;
    context.contract.domain = *text;
    if (is_reserved_domain(*text)) {
        return context.problem(
            place,
            {fmt::format("{} là tên riêng của hệ thống", shown(*text)),
             fmt::format("{} is a name of the system's own", shown(*text))},
            {fmt::format("chọn tên lĩnh vực khác, ví dụ `domain: {}_data`", *text),
             fmt::format("choose another name, such as `domain: {}_data`", *text)});
    }
    if (is_name(*text)) return;
    const std::string meant = as_name(*text);
    Text fix{"chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ: `domain: population`",
             "small letters without accents, digits and underscores, a letter first: `domain: "
             "population`"};
    if (!meant.empty()) fix = Text::same("`domain: " + meant + "`");
    context.problem(place,
                    {fmt::format("{} không làm được phần đầu tên tập dữ liệu", shown(*text)),
                     fmt::format("{} cannot begin the name of a dataset", shown(*text))},
                    std::move(fix));
}

void parse_contract(Context& context, const Node& root) {
    Contract& contract = context.contract;
    MapReader top(context, {&root, ""});
    if (!top.is_map()) return;
    if (bytes_of(root, kMostExpanded) > kMostExpanded) {
        return context.problem(top.place(),
                               {"hợp đồng lớn hơn 16 MiB khi viết đủ các bí danh `*…`",
                                "with its aliases `*…` written out the contract is above 16 MiB"},
                               {"bớt bí danh, hoặc chia thành nhiều hợp đồng",
                                "use fewer aliases, or split it into several contracts"});
    }
    contract.document = json_of(root);
    parse_api_version(context, top);
    parse_kind(context, top);
    contract.id = top.required_text("id", "population-person");
    parse_version(context, top);
    // 3.2 made the status optional.
    if (context.api >= 320) contract.status = top.text("status").value_or("");
    if (context.api < 320) contract.status = top.required_text("status", "active");
    parse_domain(context, top);
    parse_description(context, top);
    const auto custom =
        CustomProperties::read(context, top, {"businessName_en", "title_en", "description_en"});
    auto title_en = custom.text(context, "title_en");
    if (!title_en) title_en = custom.text(context, "businessName_en");
    contract.title = both(top.text("name"), title_en);
    if (custom.value("description_en")) context.note("customProperties.description_en");
    std::vector<Draft> drafts;
    if (const auto schema = top.required("schema", "[…]")) drafts = parse_schema(context, *schema);
    resolve_references(context, drafts);
    top.finish();
    for (Draft& draft : drafts)
        contract.datasets.push_back(std::move(draft.dataset));
}

}  // namespace
}  // namespace internal

Result<Contract> parse(std::string_view yaml, std::string_view file) {
    using internal::Problems;
    Contract contract;
    contract.file = file;
    contract.text = yaml;
    if (yaml.starts_with(internal::kByteOrderMark)) yaml.remove_prefix(3);
    Problems problems(file, yaml);
    if (yaml.size() > internal::kMostBytes) {
        problems.add({}, "", {"tệp lớn hơn 4 MiB", "the file is larger than 4 MiB"},
                     {"chia thành nhiều hợp đồng", "split it into several contracts"});
    } else if (internal::check_bytes(yaml, problems)) {
        if (const auto document = internal::Document::read(yaml, problems)) {
            internal::Context context{problems, contract, 320, {}};
            internal::parse_contract(context, document->root());
        }
    }
    if (!problems.empty()) return std::unexpected(problems.to_error());
    return contract;
}

}  // namespace nguon::contract
