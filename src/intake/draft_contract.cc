// A first contract for a file, from its profile.
#include <fmt/format.h>

#include <algorithm>

#include "base/normal_form.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

// A list of values is offered where the column has few of them, again and again. It holds only
// where a new one is hardly to come: many rows, and each value often.
constexpr std::size_t kMostOfAList = 12, kMostOfASureList = 8;
constexpr std::int64_t kTimesEach = 4, kFewestForAList = 10;
constexpr std::int64_t kSureTimesEach = 10, kFewestForASureList = 100;

std::string yaml_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    return out + "\"";
}

// A name, in quotes where readers of YAML 1.1 or 1.2 take the word for something else.
std::string yaml_name(const std::string& name) {
    constexpr std::string_view kWords[] = {"y",   "n",    "yes",   "no",  "on",
                                           "off", "true", "false", "null"};
    const bool is_word = std::ranges::find(kWords, name) != std::end(kWords);
    return is_word ? yaml_quoted(name) : name;
}

// Whether a value survives YAML as it is: no control character, none that an editor hides.
bool is_plain(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return false;
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return false;
        if (byte == 0xE2 || byte == 0xEF) return false;  // line separators, marks, private use
    }
    return true;
}

// Values with their marks together, as loads keep them.
std::vector<std::string> list_of(const ColumnProfile& column) {
    const auto& few = column.guess.few_values();
    const bool is_list =
        column.type == contract::LogicalType::kString && column.personal.kind == Personal::kNone &&
        column.type == column.guess.type() && !column.code && !column.likely_key &&
        column.guess.odd(Oddity::kDigitsLost).count == 0 && !few.empty() &&
        few.size() <= kMostOfAList && column.guess.values() >= kFewestForAList &&
        column.guess.values() >= kTimesEach * static_cast<std::int64_t>(few.size());
    std::vector<std::string> values;
    if (!is_list) return values;
    for (const auto& [value, count] : few) {
        std::string nfc;
        std::string text(to_nfc(value, nfc));
        if (!is_plain(text)) return {};
        if (std::ranges::find(values, text) == values.end()) values.push_back(std::move(text));
    }
    std::ranges::sort(values);
    return values;
}

}  // namespace

bool has_closed_list(const ColumnProfile& column) {
    const auto& few = column.guess.few_values();
    return !list_of(column).empty() && few.size() > 1 && few.size() <= kMostOfASureList &&
           column.guess.values() >= kFewestForASureList &&
           std::ranges::all_of(few, [](const auto& one) { return one.second >= kSureTimesEach; });
}

namespace {

std::string_view term_for(Personal kind) {
    switch (kind) {
        case Personal::kCitizenId:
        case Personal::kOldCitizenId:
        case Personal::kPassport:
        case Personal::kHealthInsurance: return "https://schema.org/identifier";
        case Personal::kPhone: return "https://schema.org/telephone";
        case Personal::kEmail: return "https://schema.org/email";
        case Personal::kTaxCode: return "https://schema.org/taxID";
        case Personal::kName: return "https://schema.org/name";
        case Personal::kAddress: return "https://schema.org/address";
        case Personal::kBirthDate: return "https://schema.org/birthDate";
        default: return "";
    }
}

// Provinces are the first division of the country.
std::string_view term_for(CodeList list) {
    const bool is_province = list == CodeList::kProvince || list == CodeList::kFormerProvince;
    return is_province ? "https://schema.org/addressRegion" : "https://schema.org/addressLocality";
}

// The best of the likely ones: what is titled as a code, then what the state gives numbers to, then
// what several rows of another file may share. Null: none.
const ColumnProfile* key_of(const Profile& profile) {
    const auto rank = [](const ColumnProfile& column) {
        const bool is_shared = column.personal.kind == Personal::kPhone ||
                               column.personal.kind == Personal::kBankAccount ||
                               column.personal.kind == Personal::kEmail;
        return is_shared ? 3 : column.code ? 1 : column.title_kind == TitleKind::kCode ? 0 : 2;
    };
    const ColumnProfile* best = nullptr;
    for (const ColumnProfile& column : profile.columns) {
        if (!column.likely_key || column.header.starts_with('_')) continue;
        if (best == nullptr || rank(column) < rank(*best)) best = &column;
    }
    return best;
}

// Words, dates and periods name a row together with others; amounts and running numbers do not.
bool may_be_of_key(const ColumnProfile& column) {
    using contract::LogicalType;
    const bool has_gaps = column.guess.nulls() > 0 || column.guess.odd(Oddity::kNothing).count > 0;
    if (has_gaps || column.guess.values() == 0 || column.title_kind == TitleKind::kOrder)
        return false;
    return (column.type == LogicalType::kString && column.guess.format().empty()) ||
           column.type == LogicalType::kDate ||
           (column.title_kind == TitleKind::kPeriod && column.type == LogicalType::kInteger);
}

class Draft {
public:
    Draft(const Profile& profile, std::string_view file_name)
        : m_profile(profile), m_file(file_name) {
        const auto format = scan::format_from_name(profile.format);
        m_typed = format && scan::is_typed(*format);
    }

    std::string run() {
        m_key = key_of(m_profile);
        head();
        for (const ColumnProfile& column : m_profile.columns) {
            if (!column.header.starts_with('_')) property(column);  // loads leave those out
        }
        return std::move(m_text);
    }

private:
    template <class... Args>
    void add(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Args>(args)...);
    }

    void head() {
        std::string name = snake_case(m_file.substr(0, m_file.find('.')));
        if (contract::is_reserved_domain(name) || contract::is_sql_word(name)) name += "_data";
        const std::string stem = yaml_name(name);
        add("# Bản nháp do `nguon check` viết từ {0}: hãy xem lại tên, kiểu và mức truy cập.\n"
            "# A draft that `nguon check` wrote from {0}: look over names, types and access.\n",
            is_plain(m_file) ? m_file : "?");
        if (m_key == nullptr)
            add("# Không có cột mã riêng của từng dòng, nên không đặt khóa: mỗi lần nạp chỉ thêm "
                "dòng, không sửa dòng cũ.\n# Muốn dòng gửi lại thay dòng cũ: bỏ dấu # trước "
                "primaryKey ở những cột cùng nhau chỉ ra một dòng, đánh số vị trí 1, 2, …\n"
                "# No column has a code of each row, so there is no key: a load only adds rows "
                "and changes none.\n# For rows sent again to take the place of old ones: remove "
                "the # before primaryKey in the columns that together tell one row, and number "
                "the positions 1, 2, …\n");
        add("apiVersion: v3.2.0\nkind: DataContract\nid: {0}\nname: {0}\nversion: 1.0.0\n"
            "status: draft\nschema:\n  - name: {0}\n    businessName: {1}\n"
            "    customProperties:\n      - property: access\n        value: internal\n",
            stem, yaml_quoted(m_file));
        add("    properties:\n");
    }

    void property(const ColumnProfile& column) {
        const ColumnGuess& guess = column.guess;
        add("      - name: {}\n        logicalType: {}\n", yaml_name(column.name),
            contract::name_of(column.type));
        const Text& title = column.title;
        if (!trim(title.vi).empty()) add("        businessName: {}\n", yaml_quoted(title.vi));
        const std::string unit = unit_of(column);
        if (!unit.empty()) add("        description: {}\n", yaml_quoted("Đơn vị: " + unit));
        custom_properties(column, title, unit);
        options(column);
        key(column);
        // "-" and such words may become empty.
        const bool has_gaps = guess.nulls() > 0 || guess.odd(Oddity::kNothing).count > 0;
        if (!has_gaps && guess.values() > 0) add("        required: true\n");
        if (column.personal.kind != Personal::kNone) add("        classification: restricted\n");
        meaning(column);
        list(column);
        if (column.code) reference(*column.code);
    }

    // Without a key, a comment where a column may be part of one.
    void key(const ColumnProfile& column) {
        if (m_key == nullptr ? !may_be_of_key(column) : &column != m_key) return;
        const std::string_view mark = m_key == nullptr ? "# " : "";
        add("        {0}primaryKey: true\n        {0}primaryKeyPosition: {1}\n", mark,
            ++m_key_columns);
    }

    // Of numbers; empty: none.
    static std::string unit_of(const ColumnProfile& column) {
        const bool is_number = column.type == contract::LogicalType::kNumber ||
                               column.type == contract::LogicalType::kInteger;
        const auto units = column.guess.units();
        return is_number && !units.empty() ? units.front().name : std::string();
    }

    void custom_properties(const ColumnProfile& column, const Text& title,
                           const std::string& unit) {
        const bool has_english = !title.en.empty() && title.en != title.vi;
        const char decimal =
            column.type == contract::LogicalType::kNumber ? column.guess.decimal() : '\0';
        // The standard has no format of objects.
        const std::string shape =
            column.type == contract::LogicalType::kObject && column.type == column.guess.type()
                ? column.guess.format()
                : std::string();
        if (!has_english && decimal == 0 && unit.empty() && shape.empty()) return;
        add("        customProperties:\n");
        if (has_english)
            add("          - property: businessName_en\n            value: {}\n",
                yaml_quoted(title.en));
        if (!unit.empty())
            add("          - property: description_en\n            value: {}\n",
                yaml_quoted("Unit: " + unit));
        if (!shape.empty())
            add("          - property: geometryFormat\n            value: {}\n", shape);
        if (decimal != 0)
            add("          - property: decimalSeparator\n            value: \"{}\"\n", decimal);
    }

    void options(const ColumnProfile& column) {
        const ColumnGuess& guess = column.guess;
        const std::string format = column.type == guess.type() ? guess.format() : "";
        std::string pattern;
        if (guess.has_lost_digits()) pattern = "^[0-9]+$";  // and hardly anything else
        if (guess.are_digits() && guess.shortest() == guess.longest())
            pattern = fmt::format("^[0-9]{{{}}}$", guess.longest());
        const bool says_format = !format.empty() && format != "yyyy-MM-dd" &&
                                 column.type != contract::LogicalType::kObject;
        // Who writes a moment without its zone means the time here; in text of ISO 8601 it is UTC.
        const bool says_zone =
            column.type == contract::LogicalType::kTimestamp && (says_format || m_typed);
        if (!says_format && !says_zone && pattern.empty()) return;
        add("        logicalTypeOptions:\n");
        if (says_format) add("          format: {}\n", format);
        if (says_zone) add("          defaultTimezone: Asia/Ho_Chi_Minh\n");
        if (!pattern.empty()) add("          pattern: \"{}\"\n", pattern);
    }

    // What the values are, by a term of schema.org. ODCS 3.2's semanticType has no word for
    // that: it tells dimensions, which codes of places are, from measures. Tools fetch what is of
    // type businessDefinition or semantics; this is a name, and no page that must be there.
    void meaning(const ColumnProfile& column) {
        if (column.code) add("        semanticType: dimension\n");
        const std::string_view term =
            column.code ? term_for(column.code->list) : term_for(column.personal.kind);
        if (term.empty()) return;
        add("        authoritativeDefinitions:\n          - type: vocabulary\n"
            "            url: {}\n",
            term);
    }

    // Of a list that may grow only a comment.
    void list(const ColumnProfile& column) {
        const std::vector<std::string> values = list_of(column);
        if (values.empty()) return;
        const bool is_closed = has_closed_list(column);
        const std::string_view mark = is_closed ? "" : "# ";
        m_text +=
            (is_closed ? "        # Giá trị khác sẽ bị để riêng: xóa danh sách nếu còn thiếu.\n"
                         "        # Other values will be set aside: delete the list if some are "
                         "missing.\n"
                       : "        # Bỏ dấu # nếu cột chỉ có thể có các giá trị này.\n"
                         "        # Without the signs # no other values are taken.\n");
        add("        {}enum:\n", mark);
        for (const std::string& value : values)
            add("        {}  - value: {}\n", mark, yaml_quoted(value));
    }

    // As a comment: the dataset that it leads to may not be on this node.
    void reference(const CodeVotes::Guess& code) {
        const CodeListInfo& info = info_of(code.list);
        add("        # {0} ({1}). Sau / after: nguon pack install packs/administrative-units\n",
            info.name.vi, info.name.en);
        add("        # relationships:\n        #   - type: foreignKey\n        #     to: {}\n",
            info.target);
    }

    const Profile& m_profile;
    std::string_view m_file;
    const ColumnProfile* m_key = nullptr;
    int m_key_columns = 0;
    bool m_typed = false;  // the file has moments of its own, mostly without a zone
    std::string m_text;
};

}  // namespace

std::string draft_contract(const Profile& profile, std::string_view file_name) {
    return Draft(profile, file_name).run();
}

}  // namespace nguon::intake
