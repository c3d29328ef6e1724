#include "scan/internal/json_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/spoken.h"
#include "scan/internal/formats.h"

namespace nguon::scan {
namespace {

bool is_whole_object(std::string_view text) {
    const Result<json::value> value = parse_json(text);
    return value && value->is_object();
}

// Lines of objects are told by the first two: each is one object.
bool begins_with_lines(std::string_view text, bool whole) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    const std::string_view second = trim(text.substr(end));
    if (second.empty()) return !whole && is_whole_object(text.substr(0, end));
    return second.starts_with('{') && is_whole_object(text.substr(0, end));
}

bool holds_features(const JsonSurvey::List& list, std::string_view start) {
    const auto has = [&](std::string_view path) {
        return std::ranges::find(list.paths, path) != list.paths.end();
    };
    return list.members == std::vector<std::string>{"features"} &&
           (start.find("\"FeatureCollection\"") != std::string_view::npos ||
            (has("geometry") && has("properties")));
}

// The paths of a record's own members: those of a feature stand in its properties.
std::vector<std::string> own_paths(const std::vector<std::string>& paths, Geo geo) {
    std::vector<std::string> own;
    for (const std::string& path : paths) {
        constexpr std::string_view kProperties = "properties.";
        if (geo == Geo::kNo || path == "id" || path == "geometry") {
            own.push_back(path);
        } else if (path.starts_with(kProperties)) {
            own.push_back(path.substr(kProperties.size()));
        }
    }
    return own;
}

// How many of the wanted columns objects with these members have.
std::size_t matches_of(const InputOptions& options, const std::vector<std::string>& paths,
                       Geo geo) {
    if (options.columns.empty()) return 0;
    return JsonFields(options, geo).count_columns(own_paths(paths, geo));
}

std::string path_of(const JsonSurvey::List& list) {
    return shown(JsonPlace(list.members));
}

// The list that is named, by its path or its number from 1.
Result<const JsonSurvey::List*> named_list(const std::vector<JsonSurvey::List>& lists,
                                           const std::string& wanted) {
    std::string names;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const JsonSurvey::List& list = lists[i];
        if (path_of(list) == wanted || std::to_string(i + 1) == wanted) return &list;
        names += (names.empty() ? "" : ", ") + path_of(list);
    }
    const std::string said = spoken::parameter("entry");
    return wrong_parameter(
        "entry",
        {fmt::format("Trong JSON không có danh sách «{}». Có: {}.", wanted, names),
         fmt::format("There is no list \"{}\" in the JSON. It has: {}.", wanted, names)},
        {fmt::format("Dùng {} với một tên trong đó, hay «.» để đọc cả tệp là một dòng.", said),
         fmt::format("Use {} with one of these, or \".\" for the document as one row.", said)});
}

// The list that a document is read for. With a contract the one whose objects have most of its
// columns, otherwise, and among equals, the one with most objects. Null: the document itself is the
// record, which has more of the columns than any list, and most of them; beside empty lists, most
// of whose members are columns.
Result<const JsonSurvey::List*> chosen_list(const std::vector<JsonSurvey::List>& lists,
                                            const JsonSurvey& survey, std::string_view start,
                                            const InputOptions& options) {
    if (options.entry == kWholeDocument) return nullptr;
    if (!options.entry.empty()) return named_list(lists, options.entry);
    const JsonSurvey::List* best = nullptr;
    std::size_t most = 0;
    for (const JsonSurvey::List& list : lists) {
        const Geo geo = holds_features(list, start) ? Geo::kFeatures : Geo::kNo;
        const std::size_t matches = matches_of(options, list.paths, geo);
        if (best != nullptr &&
            (matches < most || (matches == most && list.objects <= best->objects)))
            continue;
        best = &list;
        most = matches;
    }
    const std::size_t own = matches_of(options, survey.paths(), Geo::kNo);
    const bool is_empty = best->objects == 0 && !holds_features(*best, start);
    const std::size_t all = is_empty ? survey.paths().size() : options.columns.size();
    return own > most && own * 2 > all ? nullptr : best;
}

std::unexpected<Error> only_values() {
    return fail(Code::kInvalid,
                {"JSON này chỉ có giá trị, không có tên cột, nên không phải một bảng.",
                 "This JSON holds values without names, which make no table."},
                {"Viết mỗi dòng dữ liệu thành một đối tượng: [{\"ma\": 1}, …].",
                 "Write each row as an object: [{\"id\": 1}, …]."});
}

}  // namespace

bool begins_with_value(std::string_view text) {
    // A number ends where something follows it.
    const auto is_value = [](std::string_view part) {
        return parse_json(std::string(part) + '\n').has_value();
    };
    const std::size_t comma = text.starts_with('[') ? text.rfind(',') : std::string_view::npos;
    return is_value(text) || is_value(trim(text.substr(0, text.find('\n')))) ||
           (comma != std::string_view::npos && is_value(std::string(text.substr(0, comma)) + "]"));
}

Result<JsonLayout> json_layout(std::string_view text, bool whole, const InputOptions& options,
                               const AgainBytes& again) {
    JsonLayout layout;
    const std::string_view start = trim(text);
    if (start.starts_with('[')) {
        layout.format = Format::kJson;
        layout.place = std::vector<std::string>();
        const std::string_view first = trim(start.substr(1));
        if (!first.empty() && first[0] != '{' && first[0] != ']') {
            return only_values();
        }
        return layout;
    }
    if (!start.starts_with('{') && begins_with_value(start)) return only_values();
    if (begins_with_lines(start, whole)) return layout;
    JsonSurvey survey;
    TRY_ASSIGN(const auto stream, again());
    std::string chunk(kBlockBytes, '\0');
    bool marked = true;  // a byte-order mark may come first
    for (;;) {
        TRY_ASSIGN(const std::size_t got, stream->read(chunk));
        std::string_view part = std::string_view(chunk).substr(0, got);
        if (std::exchange(marked, false) && part.starts_with("\xEF\xBB\xBF")) part.remove_prefix(3);
        const Result<void> fed = survey.feed(part);
        if (!fed) {  // by line the damage stays where it is
            layout.damage = fed.error();
            return layout;
        }
        if (got < chunk.size()) break;
    }
    if (survey.roots() != 1) {  // objects one behind the other, over several lines or in one
        if (survey.breaks_inside() || survey.has_crowded_line()) layout.format = Format::kJson;
        return layout;
    }
    layout.format = Format::kJson;
    const std::vector<JsonSurvey::List> lists = survey.lists();
    if (lists.empty()) return layout;
    TRY_ASSIGN(const JsonSurvey::List* chosen, chosen_list(lists, survey, start, options));
    for (const JsonSurvey::List& list : lists) {
        Part part;
        part.name = path_of(list);
        part.rows = static_cast<std::int64_t>(list.objects);
        part.chosen = &list == chosen;
        layout.lists.push_back(std::move(part));
    }
    if (chosen == nullptr) return layout;
    layout.place = chosen->members;
    if (holds_features(*chosen, start)) {
        layout.format = Format::kGeoJson;
        layout.geo = Geo::kFeatures;
    }
    return layout;
}

}  // namespace nguon::scan
