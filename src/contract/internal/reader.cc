#include "contract/internal/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "contract/internal/shapes.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

std::string kind_in(const Node& node, Language language) {
    const bool vi = language == Language::kVietnamese;
    switch (node.kind) {
        case Node::Kind::kNull: return vi ? "trống" : "empty";
        case Node::Kind::kScalar: return shown(node.text);
        case Node::Kind::kList: return vi ? "một danh sách" : "a list";
        case Node::Kind::kMap: return vi ? "một nhóm trường" : "a group of fields";
    }
    return {};
}

void wrong_kind(Context& context, const Place& place, const Text& wanted, Text fix) {
    context.problem(place,
                    {fmt::format("phải là {}, ở đây là {}", wanted.vi,
                                 kind_in(*place.node, Language::kVietnamese)),
                     fmt::format("must be {}, this is {}", wanted.en,
                                 kind_in(*place.node, Language::kEnglish))},
                    std::move(fix));
}

}  // namespace

// Columns and values of an enumeration are many, and what is noted of one is noted of most:
// "schema[0].properties[*].tags" stands once for all.
void Context::note(const std::string& path) {
    std::string general = path;
    for (const std::string_view many : {".properties[", ".enum["}) {
        std::size_t from = 0;
        for (std::size_t start = general.find(many); start != std::string::npos;
             start = general.find(many, from)) {
            from = start + many.size();
            const std::size_t close = general.find(']', from);
            if (close == std::string::npos) break;
            general.replace(from, close - from, "*");
        }
    }
    if (noted.insert(general).second) contract.notes.push_back(std::move(general));
}

std::string Context::guess(std::string_view name,
                           const std::vector<std::string>& candidates) const {
    return problems.full() ? std::string() : nearest(name, candidates);
}

std::string name_of_version(int api) {
    return fmt::format("v{}.{}.{}", api / 100, api / 10 % 10, api % 10);
}

Text both(std::optional<std::string> vi, std::optional<std::string> en) {
    if (!vi && !en) return {};
    if (!en) return Text::same(*vi);
    if (!vi) return Text::same(*en);
    return {std::move(*vi), std::move(*en)};
}

const Node* node_in(const Node& map, std::string_view key) {
    for (const Node::Entry& entry : map.entries) {
        if (entry.key == key) return entry.value;
    }
    return nullptr;
}

std::string text_in(const Node& map, std::string_view key) {
    const Node* node = node_in(map, key);
    return node != nullptr && node->kind == Node::Kind::kScalar ? std::string(trim(node->text))
                                                                : std::string();
}

std::vector<std::string> texts_in(const Node& map, std::string_view key) {
    std::vector<std::string> texts;
    const Node* node = node_in(map, key);
    if (node == nullptr) return texts;
    for (const Node* item : node->items) {
        if (item->kind == Node::Kind::kScalar) texts.emplace_back(trim(item->text));
    }
    return texts;
}

std::optional<std::string> scalar(Context& context, const Place& place) {
    if (place.node->kind != Node::Kind::kScalar) {
        wrong_kind(context, place, {"một giá trị", "a single value"},
                   {"viết một giá trị sau dấu hai chấm", "write one value after the colon"});
        return std::nullopt;
    }
    std::string text(trim(place.node->text));
    if (text.empty()) {
        context.problem(place, {"không được để trống", "must not be empty"},
                        {"điền giá trị, hoặc bỏ trường này", "fill it in, or remove the field"});
        return std::nullopt;
    }
    return text;
}

std::optional<bool> boolean_value(Context& context, const Place& place) {
    const Node& node = *place.node;
    if (node.kind == Node::Kind::kScalar && node.plain) {
        if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
        if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
    }
    Text fix{"viết `true` hoặc `false`", "write `true` or `false`"};
    const std::string lower = to_lower_ascii(node.text);
    if (lower == "yes" || lower == "on" || lower == "true") fix = Text::same("`true`");
    if (lower == "no" || lower == "off" || lower == "false") fix = Text::same("`false`");
    wrong_kind(context, place, Text::same("`true` / `false`"), std::move(fix));
    return std::nullopt;
}

std::vector<Place> list_value(Context& context, const Place& place) {
    std::vector<Place> items;
    if (place.node->kind != Node::Kind::kList) {
        wrong_kind(context, place, {"một danh sách", "a list"},
                   {"bắt đầu mỗi phần tử bằng dấu gạch `- `", "begin each item with a dash `- `"});
        return items;
    }
    items.reserve(place.node->items.size());
    for (std::size_t i = 0; i < place.node->items.size(); ++i) {
        items.push_back({place.node->items[i], fmt::format("{}[{}]", place.path, i)});
    }
    return items;
}

MapReader::MapReader(Context& context, const Place& place)
    : m_context(context), m_place(place), m_is_map(place.node->kind == Node::Kind::kMap) {
    if (m_is_map) return;
    wrong_kind(context, place, {"một nhóm trường", "a group of fields"},
               {"viết mỗi dòng `tên: giá trị`", "write `key: value`, one per line"});
}

Place MapReader::child(const Node& node, std::string_view key) const {
    std::string path = m_place.path;
    if (!path.empty()) path += '.';
    path += key;
    return {&node, std::move(path)};
}

const Node::Entry* MapReader::find(std::string_view key) const {
    for (const Node::Entry& entry : m_place.node->entries) {
        if (entry.key == key) return &entry;
    }
    return nullptr;
}

const Node::Entry* MapReader::know(std::string_view key) {
    m_known.emplace_back(key);
    return find(key);
}

std::optional<Place> MapReader::value(std::string_view key) {
    const Node::Entry* entry = know(key);
    if (entry == nullptr) return std::nullopt;
    const Place place = child(*entry->value, key);
    if (place.node->kind != Node::Kind::kNull) return place;
    m_context.problems.add(
        entry->at, place.path,
        {"chưa có giá trị sau dấu hai chấm", "there is no value after the colon"},
        {"điền giá trị, hoặc bỏ trường này", "fill it in, or remove the field"});
    return std::nullopt;
}

std::optional<Place> MapReader::raw(std::string_view key) {
    const Node::Entry* entry = know(key);
    if (entry == nullptr) return std::nullopt;
    return child(*entry->value, key);
}

std::optional<Place> MapReader::required(std::string_view key, std::string_view example) {
    if (m_is_map && !has(key)) m_missing.push_back({std::string(key), std::string(example)});
    return value(key);
}

std::optional<std::string> MapReader::text(std::string_view key) {
    const auto place = value(key);
    return place ? scalar(m_context, *place) : std::nullopt;
}

std::string MapReader::required_text(std::string_view key, std::string_view example) {
    const auto place = required(key, example);
    return place ? scalar(m_context, *place).value_or("") : "";
}

std::optional<bool> MapReader::boolean(std::string_view key) {
    const auto place = value(key);
    return place ? boolean_value(m_context, *place) : std::nullopt;
}

std::optional<std::int64_t> MapReader::whole(std::string_view key, std::int64_t low,
                                             std::int64_t high) {
    const auto place = value(key);
    if (!place) return std::nullopt;
    const auto number =
        place->node->kind == Node::Kind::kScalar ? to_whole(place->node->text) : std::nullopt;
    if (number && *number >= low && *number <= high) return number;
    const bool open_end = high == INT64_MAX;
    const std::string range_vi =
        open_end ? fmt::format("từ {} trở lên", low) : fmt::format("từ {} đến {}", low, high);
    const std::string range_en =
        open_end ? fmt::format("of at least {}", low) : fmt::format("from {} to {}", low, high);
    wrong_kind(m_context, *place, {"số nguyên " + range_vi, "a whole number " + range_en},
               {fmt::format("viết số, ví dụ `{}`", std::max<std::int64_t>(low, 1)),
                fmt::format("write a number, for example `{}`", std::max<std::int64_t>(low, 1))});
    return std::nullopt;
}

std::vector<Place> MapReader::list(std::string_view key) {
    const auto place = value(key);
    return place ? list_value(m_context, *place) : std::vector<Place>{};
}

void MapReader::keep(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) {
        const Node::Entry* entry = know(key);
        if (entry == nullptr || entry->value->kind == Node::Kind::kNull) continue;
        const Place place = child(*entry->value, key);
        check_shape(m_context, place, shape_of(key));
        m_context.note(place.path);
    }
}

void MapReader::skip(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys)
        know(key);
}

void MapReader::since(int api, std::initializer_list<std::string_view> keys) {
    if (m_context.api >= api) return;
    for (const std::string_view key : keys) {
        const Node::Entry* entry = find(key);
        if (entry == nullptr) continue;
        const std::string version = name_of_version(api);
        m_context.problems.add(entry->at, child(*entry->value, key).path,
                               {fmt::format("`{}` chỉ có từ chuẩn {}, hợp đồng này ghi {}", key,
                                            version, name_of_version(m_context.api)),
                                fmt::format("`{}` exists from {} on, this contract says {}", key,
                                            version, name_of_version(m_context.api))},
                               Text::same(fmt::format("`apiVersion: {}`", version)));
    }
}

void MapReader::refuse(std::string_view key, Text what, Text fix) {
    const Node::Entry* entry = know(key);
    if (entry == nullptr) return;
    m_context.problems.add(entry->at, child(*entry->value, key).path, std::move(what),
                           std::move(fix));
}

void MapReader::finish() {
    if (!m_is_map) return;
    std::vector<std::string> absent;
    for (const std::string& key : m_known) {
        if (!has(key)) absent.push_back(key);
    }
    std::set<std::string> meant;
    for (const Node::Entry& entry : m_place.node->entries) {
        if (std::find(m_known.begin(), m_known.end(), entry.key) != m_known.end()) continue;
        // A key that is there already cannot be what was meant, unless nothing else is close.
        std::string guess = m_context.guess(entry.key, absent);
        if (guess.empty()) guess = m_context.guess(entry.key, m_known);
        meant.insert(guess);
        Text fix{"bỏ trường này; dữ liệu riêng để trong `customProperties`",
                 "remove it; what is your own goes into `customProperties`"};
        if (!guess.empty()) {
            fix = {fmt::format("có phải là `{}`?", guess),
                   fmt::format("did you mean `{}`?", guess)};
        }
        m_context.problems.add(entry.at, child(*entry.value, entry.key).path,
                               {fmt::format("không có trường {} ở đây", shown(entry.key)),
                                fmt::format("there is no field {} here", shown(entry.key))},
                               std::move(fix));
    }
    for (const Missing& missing : m_missing) {
        if (meant.contains(missing.key)) continue;  // said above as a misspelling
        m_context.problems.add(m_place.at(), child(*m_place.node, missing.key).path,
                               {fmt::format("thiếu trường `{}`", missing.key),
                                fmt::format("the field `{}` is missing", missing.key)},
                               {fmt::format("thêm `{}: {}`", missing.key, missing.example),
                                fmt::format("add `{}: {}`", missing.key, missing.example)});
    }
}

}  // namespace nguon::contract::internal
