// A JSON document cut into its records while it streams by, and a look at which of its lists could
// be meant.
// Source: RFC 8259. Only structure is followed here: brackets and strings; each record is parsed
// later, on its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace nguon::scan {

// A record longer than this is refused rather than kept in memory.
inline constexpr std::size_t kLongestJsonRecord = 16 << 20;

// Where records stand: the members that lead to a list; none: a list that is the document. Without
// a value: the document's own values, one behind the other.
using JsonPlace = std::optional<std::vector<std::string>>;
std::string shown(const JsonPlace& place);  // "data.items"; "" at the top

class JsonWalk {
public:
    virtual ~JsonWalk() = default;
    // Errors: invalid when brackets do not fit or a record is too long.
    Result<void> feed(std::string_view bytes);
    // After the last byte: whether every bracket is closed.
    bool whole() const { return m_depth == 0 && !m_in_string; }
    std::uint64_t roots() const { return m_roots; }
    bool breaks_inside() const { return m_breaks_inside; }  // line ends within a value

protected:
    struct Frame {
        bool list = false;
        std::string key;  // of the member that is read, in an object
    };
    static constexpr std::size_t kNear = 6;  // levels whose keys are known
    // A value begins at `m_depth`; `first` is its first byte. Brackets count once they are passed.
    virtual void on_value(char first) = 0;
    // A byte of a value or between values was passed.
    virtual void on_byte(char) {}
    // A string's bytes at once, without its closing quote.
    virtual void on_bytes(std::string_view) {}
    virtual void on_end_of_value() {}  // an object or list ended; m_depth is outside it
    virtual void on_end_of_scalar() {}
    const std::vector<Frame>& near() const { return m_frames; }
    std::size_t depth() const { return m_depth; }
    std::optional<Error> m_error;

private:
    void open(char bracket);
    void close(char bracket);
    void see_string(std::string_view part, bool ends);

    std::vector<Frame> m_frames;  // the first kNear levels
    std::string m_key;            // of the last string where a key may stand
    std::size_t m_depth = 0;
    std::uint64_t m_roots = 0;
    bool m_in_string = false, m_escaped = false, m_in_scalar = false, m_after_colon = false,
         m_is_key = false, m_breaks_inside = false;
};

// Counts the objects of every list that is reached through objects only, and notes what members the
// first of them have, by path.
class JsonSurvey final : public JsonWalk {
public:
    struct List {
        std::vector<std::string> members;
        std::uint64_t objects = 0;
        std::vector<std::string> paths;
    };
    const std::vector<List>& lists() const { return m_lists; }
    // Members of the document itself, and of objects in it.
    const std::vector<std::string>& paths() const { return m_paths; }

private:
    void on_value(char first) override;
    void count_object(std::size_t list);
    void note_path(std::size_t from, std::vector<std::string>& paths) const;

    std::vector<List> m_lists;
    std::vector<std::string> m_paths;
    std::size_t m_current = 0;  // the list of the last object
};

// Records as lines: each on one of its own, line ends within it made spaces.
class JsonCutter final : public JsonWalk {
public:
    explicit JsonCutter(JsonPlace place) : m_place(std::move(place)) {}
    // Takes the lines that are complete.
    std::string take() { return std::exchange(m_lines, {}); }
    std::size_t ready() const { return m_lines.size(); }

private:
    void on_value(char first) override;
    void on_byte(char c) override;
    void on_bytes(std::string_view bytes) override;
    void on_end_of_value() override;
    void on_end_of_scalar() override;
    bool at_place() const;
    void finish();

    const JsonPlace m_place;
    std::string m_lines, m_record;
    std::size_t m_outside = 0;  // depth around the record
    bool m_inside = false;
};

}  // namespace nguon::scan
