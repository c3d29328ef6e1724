// Which form the input has, and a draft that contract::parse() takes.
#include "forms/import.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <variant>

#include "forms/internal/draft.h"
#include "forms/internal/writers.h"

namespace nguon::forms {
namespace {

using internal::Draft;

struct Known {
    Source source;
    std::string_view name;
};
constexpr std::array kSources = {Known{Source::kTableSchema, "table-schema"},
                                 Known{Source::kDataPackage, "datapackage"},
                                 Known{Source::kCsvw, "csvw"}, Known{Source::kSql, "sql"}};

// What parse() refuses is left out, up to 50 parts in a round; a part that is gone may show
// another.
constexpr int kMostRounds = 20;

std::unexpected<Error> unknown_form(const std::string& file) {
    return fail(
        Code::kInvalid,
        {fmt::format("Không nhận ra {} là mô tả dữ liệu nào.", file),
         fmt::format("{} is no description of data that is known here.", file)},
        {"Đưa một Frictionless datapackage.json hay Table Schema, một CSVW metadata, hoặc một "
         "tệp SQL có CREATE TABLE; với tệp dữ liệu, dùng: nguon check TỆP --write-contract C",
         "Give a Frictionless datapackage.json or Table Schema, CSVW metadata, or SQL with "
         "CREATE TABLE; for a file of data use: nguon check FILE --write-contract C"});
}

std::optional<Source> source_of(const json::object& object) {
    if (internal::array_at(object, "resources") != nullptr) return Source::kDataPackage;
    const bool csvw = object.contains("@context") || object.contains("tableSchema") ||
                      internal::array_at(object, "tables") != nullptr;
    if (csvw) return Source::kCsvw;
    if (internal::array_at(object, "fields") != nullptr) return Source::kTableSchema;
    return std::nullopt;
}

bool has_create_table(std::string_view text) {
    const std::string lower = to_lower_ascii(text);
    for (std::size_t at = lower.find("create"); at != std::string::npos;
         at = lower.find("create", at + 1)) {
        const std::string_view near = std::string_view(lower).substr(at, 80);
        if (near.find("table") != std::string_view::npos) return true;
    }
    return false;
}

Result<Source> read(const ImportRequest& request, Draft& draft) {
    std::string_view bytes = request.bytes;
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (!is_utf8(bytes)) {
        return fail(Code::kInvalid,
                    {fmt::format("{} không phải mã UTF-8.", request.file),
                     fmt::format("{} is not UTF-8.", request.file)},
                    {"Lưu lại tệp với bảng mã UTF-8.", "Save the file with the encoding UTF-8."});
    }
    std::optional<Source> from = request.from;
    const std::string_view start = trim(bytes);
    const bool is_json = from ? *from != Source::kSql : start.starts_with('{');
    if (!is_json) {
        if (!from && !has_create_table(bytes)) return unknown_form(request.file);
        TRY(internal::import_sql(bytes, draft));
        return Source::kSql;
    }
    TRY_ASSIGN(const json::value value, parse_json(bytes));
    const json::object* object = value.if_object();
    if (object == nullptr) return unknown_form(request.file);
    if (!from) from = source_of(*object);
    if (!from) return unknown_form(request.file);
    if (source_of(*object) != from) return unknown_form(request.file);
    if (*from == Source::kTableSchema) TRY(internal::import_table_schema(*object, draft));
    if (*from == Source::kDataPackage) TRY(internal::import_data_package(*object, draft));
    if (*from == Source::kCsvw) TRY(internal::import_csvw(*object, draft));
    return *from;
}

using Step = std::variant<std::string, std::size_t>;

// "schema[0].properties[2].enum" as steps.
std::vector<Step> steps_of(std::string_view path) {
    std::vector<Step> steps;
    for (const std::string& part : split(path, '.')) {
        const std::size_t bracket = part.find('[');
        steps.emplace_back(part.substr(0, bracket));
        for (std::size_t at = bracket; at != std::string::npos; at = part.find('[', at + 1)) {
            std::size_t index = 0;
            std::from_chars(part.data() + at + 1, part.data() + part.size(), index);
            steps.emplace_back(index);
        }
    }
    return steps;
}

json::value* follow(json::value& from, const Step& step) {
    if (const auto* key = std::get_if<std::string>(&step)) {
        json::object* object = from.if_object();
        return object == nullptr ? nullptr : object->if_contains(*key);
    }
    json::array* list = from.if_array();
    const std::size_t index = std::get<std::size_t>(step);
    return list == nullptr || index >= list->size() ? nullptr : &(*list)[index];
}

// What may go without changing which tables and columns there are.
bool may_go(const std::vector<Step>& steps) {
    static constexpr std::array<std::string_view, 8> kParts = {
        "logicalTypeOptions", "enum",         "quality",    "relationships",
        "customProperties",   "physicalType", "primaryKey", "primaryKeyPosition"};
    return std::ranges::any_of(steps, [](const Step& step) {
        const auto* key = std::get_if<std::string>(&step);
        return key != nullptr && std::ranges::find(kParts, *key) != kParts.end();
    });
}

std::string path_of(const std::vector<Step>& steps) {
    std::string path;
    for (const Step& step : steps) {
        if (const auto* key = std::get_if<std::string>(&step)) {
            path += (path.empty() ? "" : ".") + *key;
        } else {
            path += fmt::format("[{}]", std::get<std::size_t>(step));
        }
    }
    return path;
}

// A rule, a reference or a value goes whole: half of one is none.
void to_whole(std::vector<Step>& steps) {
    static constexpr std::array<std::string_view, 4> kWhole = {"quality", "relationships", "enum",
                                                               "customProperties"};
    for (std::size_t i = 0; i + 2 < steps.size(); ++i) {
        const auto* key = std::get_if<std::string>(&steps[i]);
        const bool in_list = std::holds_alternative<std::size_t>(steps[i + 1]);
        if (key == nullptr || !in_list || std::ranges::find(kWhole, *key) == kWhole.end()) continue;
        steps.resize(i + 2);
        return;
    }
}

// Takes the part at `path` out of the document, or the nearest part above it that is there. The
// path of what went; empty when nothing may go.
std::string take_out(json::value& document, std::string_view path) {
    std::vector<Step> steps = steps_of(path);
    to_whole(steps);
    while (!steps.empty() && may_go(steps)) {
        json::value* parent = &document;
        for (std::size_t i = 0; parent != nullptr && i + 1 < steps.size(); ++i)
            parent = follow(*parent, steps[i]);
        if (parent != nullptr && follow(*parent, steps.back()) != nullptr) {
            if (const auto* key = std::get_if<std::string>(&steps.back())) {
                parent->get_object().stable_erase(*key);
            } else {
                json::array& list = parent->get_array();
                list.erase(list.begin() +
                           static_cast<std::ptrdiff_t>(std::get<std::size_t>(steps.back())));
            }
            return path_of(steps);
        }
        steps.pop_back();
    }
    return {};
}

// What is wrong with the draft: nothing when it is a contract.
std::optional<Error> fault_of(const std::string& yaml, const ImportRequest& request) {
    const Result<contract::Contract> parsed = contract::parse(yaml, request.file);
    if (!parsed) return parsed.error();
    if (!request.check) return std::nullopt;
    for (const contract::Dataset& dataset : parsed->datasets) {
        if (const Result<void> runs = request.check(dataset, request.file); !runs)
            return runs.error();
    }
    return std::nullopt;
}

// Takes out what the problems point to, the last first, so that places before stay where they are.
// False when one of them is no part that may go.
bool without(json::value& document, const Error& fault, Draft& draft) {
    std::string last;
    for (auto problem = fault.errors.rbegin(); problem != fault.errors.rend(); ++problem) {
        // Two problems of one part, or of a part of it.
        const bool gone =
            !last.empty() && (problem->path == last || problem->path.starts_with(last + ".") ||
                              problem->path.starts_with(last + "["));
        if (gone) continue;
        last = take_out(document, problem->path);
        if (last.empty()) return false;
        draft.note(0, problem->path,
                   {"bỏ ra: " + problem->problem.vi, "left out: " + problem->problem.en});
    }
    return true;
}

// Leaves out, with a note, what the contract cannot hold.
Result<std::string> settled(Draft& draft) {
    json::value document = internal::document_of(draft.contract);
    for (int round = 0; round < kMostRounds; ++round) {
        std::string yaml = internal::yaml_of(document);
        const std::optional<Error> fault = fault_of(yaml, draft.request());
        if (!fault) return yaml;
        if (fault->errors.empty()) return std::unexpected(*fault);
        if (!without(document, *fault, draft)) return std::unexpected(*fault);
    }
    return fail(Code::kInvalid,
                {"Mô tả có quá nhiều điều mà hợp đồng không chứa được.",
                 "The description says too much that a contract cannot hold."},
                {"Đưa từng bảng một.", "Give one table at a time."});
}

}  // namespace

std::string_view name_of(Source source) {
    return std::ranges::find(kSources, source, &Known::source)->name;
}

Result<Source> source_from_name(std::string_view name) {
    std::string names;
    for (const Known& one : kSources) {
        if (one.name == name) return one.source;
        names += (names.empty() ? "" : ", ") + std::string(one.name);
    }
    return fail(Code::kInvalid,
                {fmt::format("Không nhập được dạng «{}».", name),
                 fmt::format("The form \"{}\" cannot be imported.", name)},
                {"Chọn một trong: " + names + ".", "Choose one of: " + names + "."});
}

Result<Imported> import_contract(const ImportRequest& request) {
    if (request.bytes.size() > kMostImported) {
        return fail(Code::kTooLarge,
                    {fmt::format("{} lớn hơn 4 MiB.", request.file),
                     fmt::format("{} is larger than 4 MiB.", request.file)},
                    {"Chia thành nhiều tệp; bỏ các câu INSERT.",
                     "Split it; leave the INSERT statements out."});
    }
    Draft draft(request);
    TRY_ASSIGN(const Source from, read(request, draft));
    std::erase_if(draft.contract.datasets, [&](const contract::Dataset& dataset) {
        if (!dataset.columns.empty()) return false;
        draft.note(0, dataset.schema,
                   {"bỏ bảng này: không có cột nào", "this table is left out: it has no columns"});
        return true;
    });
    if (draft.contract.datasets.empty()) {
        return fail(Code::kInvalid,
                    {fmt::format("{} không mô tả bảng nào.", request.file),
                     fmt::format("{} describes no table.", request.file)},
                    {"Cần ít nhất một bảng có cột.", "At least one table with columns is needed."});
    }
    Imported imported;
    imported.from = from;
    TRY_ASSIGN(imported.yaml, settled(draft));
    for (const contract::Dataset& dataset : draft.contract.datasets)
        imported.datasets.push_back(dataset.name);
    imported.notes = std::move(draft.notes);
    return imported;
}

}  // namespace nguon::forms
