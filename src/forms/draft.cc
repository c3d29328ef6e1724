#include "forms/internal/draft.h"

#include <fmt/format.h>

#include <array>

#include "forms/internal/columns.h"

namespace nguon::forms::internal {
namespace {

constexpr std::size_t kRoomForNumber = 58;  // of 63 characters of a name

std::string unique(std::set<std::string>& taken, std::string name) {
    const std::string base = name.substr(0, kRoomForNumber);
    for (int n = 2; !taken.insert(name).second; ++n)
        name = fmt::format("{}_{}", base, n);
    return name;
}

}  // namespace

void Draft::note(int line, std::string path, Text what) {
    if (notes.size() < kMostNotes) {
        notes.push_back({line, std::move(path), std::move(what)});
        return;
    }
    ++m_unsaid;
    notes.back() = {0,
                    "",
                    {fmt::format("còn {} điều nữa không ghi ở đây", m_unsaid + 1),
                     fmt::format("{} more are not listed", m_unsaid + 1)}};
}

contract::Dataset& Draft::add_table(std::string_view original, Text title) {
    contract::Dataset dataset;
    dataset.schema = unique(m_tables, snake_case(original));
    dataset.title = std::move(title);
    if (dataset.title.empty() && dataset.schema != original) dataset.title = Text::same(original);
    m_by_original.emplace(to_lower_ascii(original), contract.datasets.size());
    m_by_original.emplace(dataset.schema, contract.datasets.size());
    contract.datasets.push_back(std::move(dataset));
    return contract.datasets.back();
}

contract::Column& Draft::add_column(contract::Dataset& dataset, std::string_view original,
                                    Text title) {
    std::string name = snake_case(original);
    if (contract::is_reserved_column(name)) name = "source_" + name;
    Names& names = m_columns[dataset.schema];
    contract::Column column;
    column.name = unique(names.taken, name);
    column.title = std::move(title);
    if (column.title.empty()) column.title = Text::same(original);
    names.given.emplace(to_lower_ascii(original), dataset.columns.size());
    dataset.columns.push_back(std::move(column));
    return dataset.columns.back();
}

contract::Dataset* Draft::table(std::string_view original) {
    const auto found = m_by_original.find(to_lower_ascii(original));
    return found == m_by_original.end() ? nullptr : &contract.datasets[found->second];
}

contract::Column* Draft::column(contract::Dataset& dataset, std::string_view original) {
    const auto names = m_columns.find(dataset.schema);
    if (names == m_columns.end()) return nullptr;
    const auto place = names->second.given.find(to_lower_ascii(original));
    if (place == names->second.given.end() || place->second >= dataset.columns.size())
        return nullptr;
    return &dataset.columns[place->second];
}

void Draft::set_key(contract::Dataset& dataset, const std::vector<std::string>& names,
                    const std::string& path, int line) {
    int position = 0;
    for (const std::string& name : names) {
        if (contract::Column* found = column(dataset, name)) {
            found->key_position = ++position;
            found->required = true;
        } else {
            note(line, path,
                 {fmt::format("không có cột «{}»", name),
                  fmt::format("there is no column \"{}\"", name)});
        }
    }
}

std::string Draft::name_of_table(std::string_view original) {
    const contract::Dataset* found = table(original);
    return found == nullptr ? std::string() : found->schema;
}

void Draft::name(std::string_view domain, Text title) {
    const std::string_view wanted =
        m_request.domain.empty() ? domain : std::string_view(m_request.domain);
    std::string name = snake_case(wanted);
    if (contract::is_reserved_domain(name) || contract::is_sql_word(name)) name += "_data";
    contract.domain = name;
    contract.id = name;
    contract.version = "1.0.0";
    contract.status = "draft";
    contract.title = std::move(title);
    contract.name = contract.title.vi.empty() ? name : contract.title.vi;
    const auto full = [&](const std::string& dataset) {
        return dataset.find('.') == std::string::npos ? name + "." + dataset : dataset;
    };
    for (contract::Dataset& dataset : contract.datasets) {
        dataset.domain = name;
        dataset.name = name + "." + dataset.schema;
        const bool has_key = !dataset.key().empty();
        dataset.mode = has_key ? contract::Mode::kUpsert : contract::Mode::kAppend;
        for (contract::Column& column : dataset.columns) {
            if (column.reference) column.reference->dataset = full(column.reference->dataset);
        }
        for (contract::ForeignKey& key : dataset.foreign_keys)
            key.dataset = full(key.dataset);
    }
}

std::string text_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(trim(value->get_string()));
}

const json::object* object_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

bool true_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<std::int64_t> whole_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) return value->get_int64();
    if (value->is_string()) {
        const json::value number = typed(contract::LogicalType::kInteger, value->get_string());
        if (number.is_int64()) return number.get_int64();
    }
    return std::nullopt;
}

std::string scalar_text(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_structured() || value.is_null()) return {};
    return to_text(value);
}

std::vector<std::string> names_at(const json::object& object, std::string_view key) {
    std::vector<std::string> names;
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return names;
    if (value->is_string()) names.emplace_back(value->get_string());
    if (const json::array* list = value->if_array()) {
        for (const json::value& item : *list) {
            if (item.is_string()) names.emplace_back(item.get_string());
        }
    }
    return names;
}

std::string stem_of(std::string_view path) {
    path = path.substr(path.find_last_of("/\\") + 1);
    path = path.substr(0, path.find_first_of("?#"));
    const std::string_view stem = path.substr(0, path.find('.', 1));
    return std::string(stem);
}

}  // namespace nguon::forms::internal
