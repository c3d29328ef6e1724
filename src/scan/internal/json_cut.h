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
    // After the last byte. Errors: invalid where a bracket or a text is not closed, with its place.
    Result<void> end() const;
    std::uint64_t roots() const { return m_roots; }
    bool has_crowded_line() const { return m_crowded; }     // where one root begins after another
    bool breaks_inside() const { return m_breaks_inside; }  // line ends within a value

protected:
    struct Frame {
        bool list = false;
        std::uint64_t line = 0;
        std::string key;  // of the member that is read, in an object
    };
    static constexpr std::size_t kNear = 6;  // levels whose keys are known
    // A value begins at `m_depth` with the byte at `begin` of chunk(). Brackets count once they are
    // passed.
    virtual void on_value(char first, std::size_t begin) = 0;
    virtual void on_end(std::size_t) {}  // a value ended before this byte; m_depth is outside it
    virtual void on_end_of_chunk() {}
    virtual void on_line_in_string() {}
    std::string_view chunk() const { return m_chunk; }
    const std::vector<Frame>& near() const { return m_frames; }
    std::size_t depth() const { return m_depth; }
    std::optional<Error> m_error;

private:
    struct Mark {
        std::uint64_t line = 0, byte = 0;  // in the line, from 1; line 0: no place
    };
    void open(char bracket, std::size_t at);
    void close(char bracket, std::size_t at);
    void open_string(std::size_t at);
    std::size_t pass_string(std::size_t at);
    void pass_line(std::size_t at);
    Error damaged() const;

    std::string_view m_chunk;
    std::vector<Frame> m_frames;  // the first kNear levels
    std::string m_key;            // of the last string where a key may stand
    std::size_t m_depth = 0;
    std::uint64_t m_roots = 0, m_root_line = 0;
    std::uint64_t m_fed = 0, m_line = 1, m_line_at = 0;  // bytes, the line, where it begins
    Mark m_string;                                       // where the last text began
    Mark m_unclosed;  // the first one that runs over a line end, or that no sign follows
    bool m_after_string = false;
    bool m_in_string = false, m_escaped = false, m_in_scalar = false, m_after_colon = false,
         m_is_key = false, m_breaks_inside = false, m_crowded = false;
};

// Counts the objects of every list that is reached through objects only, and notes what members the
// first of them have, by path.
class JsonSurvey final : public JsonWalk {
public:
    struct List {
        std::vector<std::string> members;
        std::uint64_t objects = 0, others = 0;  // others: values that are no objects
        std::vector<std::string> paths;
    };
    // Those that hold objects; where none does, those that are empty.
    std::vector<List> lists() const;
    // Members of the document itself, and of objects in it.
    const std::vector<std::string>& paths() const { return m_paths; }

private:
    void on_value(char first, std::size_t begin) override;
    // The list that the first `frames` lead to; none where there are too many.
    List* list_at(std::size_t frames);
    void note_path(std::size_t from, std::vector<std::string>& paths) const;

    std::vector<List> m_lists;
    std::vector<std::string> m_paths;
    std::size_t m_current = 0;  // the list of the last object
};

// Records as lines: each on one of its own, line ends within it made spaces; those in a text, where
// none may be, what no reader takes.
class JsonCutter final : public JsonWalk {
public:
    explicit JsonCutter(JsonPlace place) : m_place(std::move(place)) {}
    // Takes the lines that are complete.
    std::string take() { return std::exchange(m_lines, {}); }
    std::size_t ready() const { return m_lines.size(); }

private:
    void on_value(char first, std::size_t begin) override;
    void on_end(std::size_t end) override;
    void on_end_of_chunk() override;
    void on_line_in_string() override { m_broken = true; }
    bool at_place() const;
    void take_up_to(std::size_t end);

    const JsonPlace m_place;
    std::string m_lines, m_record;
    std::size_t m_outside = 0;  // depth around the record
    std::size_t m_from = 0;     // what of the chunk is not yet in m_record
    bool m_inside = false, m_broken = false;
};

}  // namespace nguon::scan
