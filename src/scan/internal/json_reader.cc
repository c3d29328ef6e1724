// A record of JSON to its fields, event by event: numbers keep the digits that were written, which
// a tree of doubles would round past 2^53.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "scan/internal/json_fields.h"

namespace nguon::scan {
namespace {

using Piece = boost::json::string_view;
using Wrong = boost::system::error_code;

constexpr std::size_t kDeepestFollowed = 8;  // objects inside objects that are taken apart
constexpr std::size_t kDeepestNesting = 64;  // as parse_json
constexpr std::size_t kLongestText = 16 << 20;

// Where a value goes: a column, or one of these.
constexpr std::ptrdiff_t kNowhere = -1, kId = -2, kGeometry = -3;

// A number whose exponent or zeros only stand in the way, without them and with every
// digit: 1e3 -> 1000, 2.0 -> 2, -1.5E-3 -> -0.0015. Nothing when it is plain already, or would have
// pages of zeros.
std::optional<std::string> plain_number(std::string_view text) {
    constexpr std::int64_t kMostPlaces = 40;
    const std::size_t exponent = text.find_first_of("eE");
    const std::size_t point = text.find('.');
    const bool zeros = exponent == std::string_view::npos && point != std::string_view::npos &&
                       text.find_first_not_of('0', point + 1) == std::string_view::npos;
    if (zeros) return std::string(text.substr(0, point));
    if (exponent == std::string_view::npos) return std::nullopt;
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    std::int64_t shift = 0;
    const auto [end, wrong] = std::from_chars(power.data(), power.data() + power.size(), shift);
    if (wrong != std::errc() || end != power.data() + power.size() || std::abs(shift) > kMostPlaces)
        return std::nullopt;
    std::string_view mantissa = text.substr(0, exponent);
    const bool negative = mantissa.starts_with('-');
    if (negative) mantissa.remove_prefix(1);
    const std::size_t places = std::min(mantissa.find('.'), mantissa.size());
    std::string digits(mantissa.substr(0, places));
    if (places < mantissa.size()) digits += mantissa.substr(places + 1);
    std::int64_t whole = static_cast<std::int64_t>(places) + shift;  // digits before the point
    if (whole <= 0) {
        digits.insert(0, static_cast<std::size_t>(1 - whole), '0');
        whole = 1;
    }
    const auto before = static_cast<std::size_t>(whole);
    if (digits.size() < before) digits.append(before - digits.size(), '0');
    std::string fraction = digits.substr(before);
    fraction.resize(fraction.find_last_not_of('0') + 1);
    const std::size_t first = std::min(digits.find_first_not_of('0'), before - 1);
    std::string plain = negative ? "-" : "";
    plain += digits.substr(first, before - first);
    if (!fraction.empty()) plain += "." + fraction;
    return plain;
}

}  // namespace

class JsonFields::Reader::Events {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = kLongestText;
    static constexpr std::size_t max_string_size = kLongestText;

    explicit Events(const JsonFields& fields) : m_fields(fields), m_met(fields.names().size(), 0) {}

    void begin(std::string_view line, std::span<std::string_view> fields,
               std::deque<std::string>& arena, std::span<unsigned char> numbers) {
        m_line = line;
        m_to = fields;
        m_numbers = numbers;
        m_arena = &arena;
        m_levels.clear();
        m_captures.clear();
        m_path.clear();
        m_token.clear();
        m_text.clear();
        m_id.reset();
        m_geometry.reset();
        m_twice = kNowhere;
        m_before = m_spare.size();
        m_given.resize(fields.size());
        ++m_record;
    }
    // What a feature has beside its properties comes after them: they say it better.
    void end() {
        if (m_id) put_beside("id", *m_id, column_of("id"));
        if (m_geometry) put_beside("geometry", *m_geometry, m_fields.geometry_column());
    }
    // The record could not be read: it has shown no member.
    void take_back() {
        for (std::size_t i = m_before; i < m_spare.size(); ++i)
            m_spare[i]->second.noted = Noted::kNot;
        m_spare.resize(m_before);
    }
    std::string_view given_twice() const {
        return m_twice == kNowhere ? std::string_view()
                                   : m_fields.names()[static_cast<std::size_t>(m_twice)];
    }
    std::vector<SpareMember> spare() const {
        std::vector<SpareMember> members;
        for (const Member* member : m_spare)
            members.push_back({member->first, member->second.noted == Noted::kNothing});
        return members;
    }
    bool has_more() const { return m_has_more; }
    const std::vector<char>& met() const { return m_met; }

    bool on_document_begin(Wrong&) { return true; }
    bool on_document_end(Wrong&) { return true; }
    bool on_object_begin(Wrong& wrong) { return open('{', wrong); }
    bool on_object_end(std::size_t, Wrong&) { return close('}'); }
    bool on_array_begin(Wrong& wrong) { return open('[', wrong); }
    bool on_array_end(std::size_t, Wrong&) { return close(']'); }
    bool on_key_part(Piece piece, std::size_t, Wrong&) { return add(piece); }
    bool on_key(Piece piece, std::size_t, Wrong& wrong) {
        const std::string_view key = whole(piece);
        Level& level = m_levels.back();
        level.empty = false;
        if (!m_captures.empty()) {
            if (level.items++ > 0) m_text += ',';
            append_json_string(m_text, key);
            m_text += ':';
        }
        level.target = kNowhere;
        level.member = nullptr;
        level.follows = false;
        if (level.followed) meet(level, key);
        m_token.clear();
        return is_given_once(level.target, wrong);
    }
    bool on_string_part(Piece piece, std::size_t, Wrong&) { return add(piece); }
    bool on_string(Piece piece, std::size_t, Wrong& wrong) {
        const std::string_view text = whole(piece);
        if (!begin_value(wrong)) return false;
        if (!m_captures.empty()) append_json_string(m_text, text);
        note(Noted::kValue);
        deliver(text);
        m_token.clear();
        return true;
    }
    bool on_number_part(Piece piece, Wrong&) { return add(piece); }
    bool on_int64(std::int64_t, Piece piece, Wrong& wrong) { return number(piece, wrong); }
    bool on_uint64(std::uint64_t, Piece piece, Wrong& wrong) { return number(piece, wrong); }
    bool on_double(double, Piece piece, Wrong& wrong) { return number(piece, wrong); }
    bool on_bool(bool truth, Wrong& wrong) { return scalar(truth ? "true" : "false", wrong); }
    bool on_null(Wrong& wrong) {
        if (!begin_value(wrong)) return false;
        if (!m_captures.empty()) m_text += "null";
        note(Noted::kNothing);
        return true;
    }
    bool on_comment_part(Piece, Wrong&) { return true; }
    bool on_comment(Piece, Wrong&) { return true; }

private:
    enum class Noted : char { kNot, kNothing, kValue };
    struct Known {
        std::ptrdiff_t column = kNowhere;
        Noted noted = Noted::kNot;
    };
    using Member = std::unordered_map<std::string, Known>::value_type;
    struct Level {
        bool list = false;
        bool empty = true;                 // no member, of an object
        bool followed = false;             // an object whose members are looked at by their path
        std::size_t path = 0;              // bytes of the path that leads to it
        std::size_t depth = 0;             // of followed objects
        std::size_t items = 0;             // written so far, where it is captured
        std::ptrdiff_t target = kNowhere;  // of the member that is read
        Member* member = nullptr;          // …, where no column takes it
        bool follows = false;              // …, whether its members are followed
    };
    struct Capture {
        std::ptrdiff_t target = kNowhere;
        std::size_t from = 0, level = 0;
    };

    bool add(Piece piece) {
        m_token.append(piece.data(), piece.size());
        return true;
    }
    std::string_view whole(Piece piece) {
        if (m_token.empty()) return {piece.data(), piece.size()};
        add(piece);
        return m_token;
    }

    // A member of an object that is followed: which column has it, whether to go on inside.
    void meet(Level& level, std::string_view key) {
        const bool feature = m_fields.m_geo == Geo::kFeatures && m_levels.size() == 1;
        m_path.resize(level.path);
        if (feature) {
            level.follows = key == "properties";
            if (key == "id") level.target = kId;
            if (key == "geometry") level.target = kGeometry;
            if (level.target == kId) mark_met(column_of("id"));
            if (level.target == kGeometry) mark_met(m_fields.geometry_column());
            return;
        }
        m_path += key;
        if (Member* known = known_of(m_path)) {
            level.target = known->second.column;
            if (level.target == kNowhere) level.member = known;
        } else {
            level.target = m_fields.column_of(m_path);
            m_has_more = m_has_more || level.target == kNowhere;
        }
        level.follows = level.depth < kDeepestFollowed;
    }

    void mark_met(std::ptrdiff_t column) {
        if (column >= 0) m_met[static_cast<std::size_t>(column)] = 1;
    }

    // Of two values for one column nobody knows which is meant.
    bool is_given_once(std::ptrdiff_t column, Wrong& wrong) {
        if (column < 0) return true;
        mark_met(column);
        std::uint64_t& given = m_given[static_cast<std::size_t>(column)];
        if (given == m_record) {
            m_twice = column;
            wrong = boost::json::error::syntax;
            return false;
        }
        given = m_record;
        return true;
    }

    // The member that is read has a value, and nothing takes it.
    void note(Noted how) {
        if (m_levels.empty() || m_levels.back().list) return;
        note(m_levels.back().member, how);
    }
    void note(Member* member, Noted how) {
        if (member == nullptr || !m_captures.empty() || member->second.noted >= how) return;
        if (member->second.noted == Noted::kNot) m_spare.push_back(member);
        member->second.noted = how;
    }

    bool begin_value(Wrong& wrong) {
        if (m_levels.empty()) {  // the record itself is no object
            wrong = boost::json::error::syntax;
            return false;
        }
        Level& level = m_levels.back();
        if (level.list) level.target = kNowhere;
        if (level.list && !m_captures.empty() && level.items++ > 0) m_text += ',';
        return true;
    }
    bool scalar(std::string_view text, Wrong& wrong) {
        if (!begin_value(wrong)) return false;
        if (!m_captures.empty()) m_text += text;
        note(Noted::kValue);
        deliver(text);
        return true;
    }
    bool number(Piece piece, Wrong& wrong) {
        const std::string_view written = whole(piece);
        if (!begin_value(wrong)) return false;
        if (!m_captures.empty()) m_text += written;
        note(Noted::kValue);
        const std::optional<std::string> plain = plain_number(written);
        deliver(plain ? std::string_view(*plain) : written);
        const std::ptrdiff_t target = m_levels.back().target;
        if (target >= 0 && !m_numbers.empty()) m_numbers[static_cast<std::size_t>(target)] = 1;
        m_token.clear();
        return true;
    }

    bool open(char bracket, Wrong& wrong) {
        Level inner;
        inner.list = bracket == '[';
        if (m_levels.empty()) {
            if (inner.list) return begin_value(wrong);
            inner.followed = true;
        } else {
            if (!begin_value(wrong)) return false;
            const Level& outer = m_levels.back();
            if (outer.target != kNowhere)
                m_captures.push_back({outer.target, m_text.size(), m_levels.size()});
            inner.followed = !outer.list && outer.follows && !inner.list;
            if (!inner.followed) note(Noted::kValue);
            inner.depth = outer.depth + 1;
            if (inner.followed && !m_path.empty()) m_path += '.';
            inner.path = m_path.size();
        }
        if (!m_captures.empty()) m_text += bracket;
        m_levels.push_back(inner);
        return true;
    }
    bool close(char bracket) {
        const bool nothing = m_levels.back().followed && m_levels.back().empty;
        m_levels.pop_back();
        if (nothing) note(Noted::kNothing);
        if (m_captures.empty()) return true;
        m_text += bracket;
        while (!m_captures.empty() && m_captures.back().level == m_levels.size()) {
            const Capture capture = m_captures.back();
            m_captures.pop_back();
            give(capture.target, std::string_view(m_text).substr(capture.from));
        }
        if (m_captures.empty()) m_text.clear();
        return true;
    }

    void deliver(std::string_view text) { give(m_levels.back().target, text); }
    void give(std::ptrdiff_t target, std::string_view text) {
        if (target == kNowhere) return;
        if (target == kId) {
            m_id = std::string(text);
        } else if (target == kGeometry) {
            m_geometry = std::string(text);
        } else {
            put(target, text);
        }
    }
    void put(std::ptrdiff_t column, std::string_view text) {
        if (column < 0) return;
        std::string_view& field = m_to[static_cast<std::size_t>(column)];
        if (!field.empty()) return;  // of two members for one column the first
        const bool stands = text.data() >= m_line.data() &&
                            text.data() + text.size() <= m_line.data() + m_line.size();
        field = stands ? text : m_arena->emplace_back(text);
    }
    void put_beside(const std::string& name, std::string_view text, std::ptrdiff_t column) {
        if (column < 0) note(known_of(name), Noted::kValue);
        put(column, text);
    }
    // Null where there are too many to remember.
    Member* known_of(const std::string& path) {
        const auto known = m_known.find(path);
        if (known != m_known.end()) return &*known;
        if (m_known.size() == kMostMembers) return nullptr;
        return &*m_known.emplace(path, Known{m_fields.column_of(path), Noted::kNot}).first;
    }
    std::ptrdiff_t column_of(const std::string& path) {
        const Member* known = known_of(path);
        return known != nullptr ? known->second.column : m_fields.column_of(path);
    }

    const JsonFields& m_fields;
    std::unordered_map<std::string, Known> m_known;
    std::vector<Member*> m_spare;
    std::size_t m_before = 0;  // of them, before this record
    bool m_has_more = false;
    std::vector<std::uint64_t> m_given;  // by column: the last record that has it
    std::uint64_t m_record = 0;
    std::vector<char> m_met;  // by column: whether any record had it, null or not
    std::ptrdiff_t m_twice = kNowhere;
    std::string_view m_line;
    std::span<std::string_view> m_to;
    std::span<unsigned char> m_numbers;
    std::deque<std::string>* m_arena = nullptr;
    std::vector<Level> m_levels;
    std::vector<Capture> m_captures;
    std::string m_path, m_token;
    std::string m_text;  // of the objects and lists that are columns, compact
    std::optional<std::string> m_id, m_geometry;
};

struct JsonFields::Reader::Parser {
    explicit Parser(const JsonFields& fields) : parser(options(), fields) {}
    static boost::json::parse_options options() {
        boost::json::parse_options given;
        given.max_depth = kDeepestNesting;
        return given;
    }
    boost::json::basic_parser<Events> parser;
};

JsonFields::Reader::Reader(const JsonFields& fields) : m_parser(std::make_unique<Parser>(fields)) {}
JsonFields::Reader::~Reader() = default;

bool JsonFields::Reader::read(std::string_view record, std::span<std::string_view> fields,
                              std::deque<std::string>& arena, std::span<unsigned char> numbers) {
    auto& parser = m_parser->parser;
    parser.reset();
    parser.handler().begin(record, fields, arena, numbers);
    Wrong wrong;
    const std::size_t taken = parser.write_some(false, record.data(), record.size(), wrong);
    if (wrong || taken < record.size() || !parser.done()) {
        parser.handler().take_back();
        return false;
    }
    parser.handler().end();
    return true;
}

std::string_view JsonFields::Reader::given_twice() const {
    return m_parser->parser.handler().given_twice();
}
std::vector<SpareMember> JsonFields::Reader::spare() const {
    return m_parser->parser.handler().spare();
}
bool JsonFields::Reader::has_more() const {
    return m_parser->parser.handler().has_more();
}

std::vector<char> JsonFields::Reader::met() const {
    return m_parser->parser.handler().met();
}

}  // namespace nguon::scan
