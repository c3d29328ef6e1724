#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sql/allow_list.h"
#include "sql/internal/tree_check.h"

namespace nguon::sql {
namespace {

std::string_view member(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return value->get_string();
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::ranges::find(words, word) != words.end();
}

constexpr std::array<std::string_view, 3> kQueryNodes{"SELECT_NODE", "SET_OPERATION_NODE",
                                                      "RECURSIVE_CTE_NODE"};
// Kinds of objects that only hold others, or nothing.
constexpr std::array<std::string_view, 12> kPlain{"SUBQUERY",
                                                  "JOIN",
                                                  "EXPRESSION_LIST",
                                                  "EMPTY",
                                                  "PIVOT",  // tables
                                                  "ORDER_MODIFIER",
                                                  "LIMIT_MODIFIER",
                                                  "LIMIT_PERCENT_MODIFIER",
                                                  "DISTINCT_MODIFIER",
                                                  "ORDER_DEFAULT",
                                                  "ASCENDING",
                                                  "DESCENDING"};
constexpr std::array<std::string_view, 9> kPlainExpressions{
    "OPERATOR", "COMPARISON", "CONJUNCTION",         "CASE", "CAST", "BETWEEN",
    "COLLATE",  "STAR",       "POSITIONAL_REFERENCE"};
constexpr std::array<std::string_view, 6> kReserved{
    "main", "temp", "system", "pg_catalog", "information_schema", "memory"};

// Allowed in queries, and not in rules: what they give is not of the row alone, so the same file
// would be judged otherwise another time.
constexpr std::array<std::string_view, 15> kVolatile{"current_date",
                                                     "current_localtime",
                                                     "current_localtimestamp",
                                                     "gen_random_uuid",
                                                     "get_current_time",
                                                     "get_current_timestamp",
                                                     "now",
                                                     "random",
                                                     "today",
                                                     "transaction_timestamp",
                                                     "uuid",
                                                     "uuidv4",
                                                     "uuidv7",
                                                     "version",
                                                     "current_timestamp"};

std::unexpected<Error> denied(Text detail, Text fix) {
    return fail(Code::kDenied, std::move(detail), std::move(fix));
}

Text name_datasets() {
    return {
        "Hỏi tập dữ liệu theo tên miền.tên, như population.person, không đặt cả tên trong một cặp "
        "nháy.",
        "Ask datasets by domain.name, such as population.person, without quotes around the whole."};
}

std::unexpected<Error> unknown_construct(std::string_view kind) {
    return denied({fmt::format("Không được phép dùng {} trong SQL này.", kind),
                   fmt::format("{} is not allowed in this SQL.", kind)},
                  {"Xem docs/concepts/sql.md để biết SQL được làm gì.",
                   "See docs/concepts/sql.md for what SQL may do."});
}

std::unexpected<Error> denied_function(std::string_view name) {
    return denied(
        {fmt::format("Hàm {} không có trong danh sách được phép.", name),
         fmt::format("The function {} is not on the list of allowed functions.", name)},
        {"Kiểm tra chính tả. SQL không đọc tệp, mạng, cài đặt hay danh mục hệ thống; hỏi theo "
         "tên tập dữ liệu.",
         "Check the spelling. SQL reads no files, network, settings or system catalogs; ask "
         "datasets by name."});
}

std::unexpected<Error> volatile_function(std::string_view name) {
    return denied({fmt::format("Hàm {} không dùng được trong quy tắc: mỗi lần một kết quả.", name),
                   fmt::format("The function {} cannot be used in a rule: it gives another value "
                               "each time.",
                               name)},
                  {"Để so với ngày nạp, viết current_date hoặc current_timestamp, không có ngoặc; "
                   "tuổi là age(current_date, ngày_sinh).",
                   "To compare with the day of the load write current_date or current_timestamp, "
                   "without brackets; an age is age(current_date, birth_date)."});
}

}  // namespace

TreeCheck::TreeCheck(const std::vector<std::string>& columns) : m_purpose(Purpose::kRow) {
    for (const std::string& name : columns)
        m_columns.push_back(to_lower_ascii(name));
}

void TreeCheck::locate(const json::object& object) {
    const json::value* at = object.if_contains("query_location");
    if (at == nullptr) return;
    if (at->is_int64() && at->get_int64() >= 0)
        m_offset = static_cast<std::size_t>(at->get_int64());
}

bool TreeCheck::is_common_table(std::string_view name) const {
    return std::ranges::find(m_common, to_lower_ascii(name)) != m_common.end();
}

Result<void> TreeCheck::visit(const json::value& value) {
    if (value.is_array()) {
        for (const json::value& item : value.get_array())
            TRY(visit(item));
        return {};
    }
    if (!value.is_object()) return {};
    const json::object& object = value.get_object();
    if (object.contains("class")) return expression(object);
    const std::string_view type = member(object, "type");
    if (is_one_of(type, kQueryNodes)) return query_node(object);
    if (type == "BASE_TABLE") return table(object);
    if (type == "TABLE_FUNCTION") return table_function(object);
    // Objects without a kind (CTE entries, samples, case branches, types) hold others.
    if (type.empty() || is_one_of(type, kPlain) || type.ends_with("_TYPE_INFO")) {
        return visit_members(object);
    }
    if (type == "SHOW_REF") return unknown_construct("SHOW, DESCRIBE, SUMMARIZE");
    return unknown_construct(type);
}

Result<void> TreeCheck::visit_members(const json::object& object, std::string_view but) {
    for (const auto& [key, value] : object) {
        if (key != but) TRY(visit(value));
    }
    return {};
}

// A WITH sees the ones before it, the ones around it, and itself only on the right of a recursive
// UNION. Exactly as DuckDB has it: a name that it does not find could be taken for a file's.
Result<void> TreeCheck::common_tables(const json::object& node) {
    for (const json::value& entry : node.at("cte_map").at("map").as_array()) {
        TRY(visit(entry.at("value")));
        m_common.push_back(to_lower_ascii(entry.at("key").as_string()));
    }
    return {};
}

Result<void> TreeCheck::query_node(const json::object& node) {
    const std::string_view type = member(node, "type");
    if (!is_one_of(type, kQueryNodes)) return unknown_construct(type);
    const std::size_t outer = m_common.size();
    TRY(common_tables(node));
    if (type == "RECURSIVE_CTE_NODE") {
        TRY(visit(node.at("left")));
        m_common.push_back(to_lower_ascii(member(node, "cte_name")));
        TRY(visit(node.at("right")));
        m_common.pop_back();
        TRY(visit(node.at("modifiers")));
        TRY(visit(node.at("key_targets")));
    } else {
        TRY(visit_members(node, "cte_map"));
    }
    m_common.resize(outer);
    return {};
}

Result<void> TreeCheck::table(const json::object& object) {
    locate(object);
    const std::string_view schema = member(object, "schema_name");
    const std::string_view name = member(object, "table_name");
    if (!object.at("at_clause").is_null()) return unknown_construct("AT");
    if (!member(object, "catalog_name").empty()) {
        return denied({fmt::format("Không được phép đọc {}.{}.{}.", member(object, "catalog_name"),
                                   schema, name),
                       fmt::format("Reading {}.{}.{} is not allowed.",
                                   member(object, "catalog_name"), schema, name)},
                      name_datasets());
    }
    if (schema.empty()) {
        if (is_common_table(name)) return visit_members(object);
        const bool word = !name.empty() && std::ranges::all_of(name, [](char c) {
            return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        });
        if (word) {
            return fail(Code::kNotFound,
                        {fmt::format("Không có bảng {}.", name),
                         fmt::format("There is no table {}.", name)},
                        name_datasets());
        }
        return denied({fmt::format("Không được phép đọc \"{}\": SQL không đọc tệp.", name),
                       fmt::format("Reading \"{}\" is not allowed: SQL reads no files.", name)},
                      name_datasets());
    }
    const std::string domain = to_lower_ascii(schema);
    if (is_one_of(domain, kReserved)) {
        return denied({fmt::format("Không được phép đọc lược đồ hệ thống {}.", domain),
                       fmt::format("Reading the system schema {} is not allowed.", domain)},
                      name_datasets());
    }
    std::string dataset = domain + "." + to_lower_ascii(name);
    if (std::ranges::find(m_datasets, dataset) == m_datasets.end())
        m_datasets.push_back(std::move(dataset));
    return visit_members(object);
}

Result<void> TreeCheck::table_function(const json::object& object) {
    const json::object& call = object.at("function").as_object();
    locate(call);
    const std::string_view name = member(call, "function_name");
    if (member(call, "class") != "FUNCTION") return unknown_construct(member(call, "class"));
    if (!is_allowed_function(to_lower_ascii(name), FunctionUse::kTable))
        return denied_function(name);
    TRY(visit_members(call));
    return visit_members(object, "function");
}

Result<void> TreeCheck::expression(const json::object& object) {
    const std::string_view kind = member(object, "class");
    if (kind == "CONSTANT") return {};
    locate(object);
    if (kind == "FUNCTION") return function(object);
    if (kind == "COLUMN_REF") return column(object);
    if (kind == "LAMBDA") return lambda(object);
    if (kind == "PARAMETER" || kind == "DEFAULT") {
        return fail(
            Code::kInvalid,
            {"SQL này không có tham số hay DEFAULT.", "This SQL has no parameters and no DEFAULT."},
            {"Viết giá trị vào câu SQL.", "Write the value into the SQL."});
    }
    if (m_purpose == Purpose::kRow) {
        const bool many_rows = kind == "STAR" || kind == "SUBQUERY" || kind == "WINDOW" ||
                               kind == "POSITIONAL_REFERENCE" ||
                               member(object, "type") == "GROUPING_FUNCTION";
        if (many_rows) return unknown_construct(kind);
    }
    if (kind == "WINDOW") {
        const std::string_view name = member(object, "function_name");
        if (!is_allowed_function(to_lower_ascii(name), FunctionUse::kWindow))
            return denied_function(name);
        return visit_members(object);
    }
    if (kind == "SUBQUERY" || is_one_of(kind, kPlainExpressions)) return visit_members(object);
    return unknown_construct(kind);
}

Result<void> TreeCheck::function(const json::object& object) {
    const std::string_view given = member(object, "function_name");
    const std::string name = to_lower_ascii(given);
    bool allowed = is_allowed_function(name, FunctionUse::kScalar);
    if (m_purpose == Purpose::kSelect) {
        allowed = allowed || name == "unnest" || is_allowed_function(name, FunctionUse::kAggregate);
    } else if (const std::string_view schema = member(object, "schema");
               !schema.empty() && schema != "main") {
        // `column.upper()`: the column would stand where a schema does.
        return unknown_construct(fmt::format("{}.{}()", schema, given));
    }
    if (!allowed) return denied_function(given);
    if (m_purpose == Purpose::kRow) {
        // age of one date counts from today.
        const bool from_today = name == "age" && object.at("children").as_array().size() == 1;
        if (from_today || is_one_of(name, kVolatile)) return volatile_function(given);
    }
    return visit_members(object);
}

Result<void> TreeCheck::column(const json::object& object) {
    if (m_purpose == Purpose::kSelect) return {};
    const json::array& names = object.at("column_names").as_array();
    const std::string name = to_lower_ascii(names.front().as_string());
    if (names.size() == 1 && (name == "current_date" || name == "current_timestamp")) return {};
    if (std::ranges::find(m_parameters, name) != m_parameters.end()) return {};
    if (names.size() == 1 && std::ranges::find(m_columns, name) != m_columns.end()) return {};
    std::string whole;
    for (const json::value& part : names) {
        if (!whole.empty()) whole += '.';
        whole += std::string_view(part.as_string());
    }
    return fail(Code::kInvalid,
                {fmt::format("{} không phải cột của tập dữ liệu.", whole),
                 fmt::format("{} is no column of the dataset.", whole)},
                {"Dùng đúng tên cột trong hợp đồng.", "Use the column names of the contract."});
}

// lhs: one name, or row(name, …). `column -> 'key'` of JSON parses to the same.
Result<void> TreeCheck::lambda(const json::object& object) {
    const std::size_t outer = m_parameters.size();
    const json::object& left = object.at("lhs").as_object();
    const auto add = [&](const json::object& item) {
        const json::value* names = item.if_contains("column_names");
        if (names == nullptr) return false;
        m_parameters.push_back(to_lower_ascii(names->as_array().front().as_string()));
        return true;
    };
    if (!add(left)) {
        const bool row =
            member(left, "class") == "FUNCTION" && member(left, "function_name") == "row";
        if (row) {
            for (const json::value& item : left.at("children").as_array()) {
                if (item.is_object()) add(item.get_object());
            }
        }
        TRY(visit(object.at("lhs")));
    }
    TRY(visit(object.at("expr")));
    m_parameters.resize(outer);
    return {};
}

}  // namespace nguon::sql
