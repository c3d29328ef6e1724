#include "scan/internal/json_cut.h"

#include <fmt/format.h>

#include <algorithm>

namespace nguon::scan {
namespace {

constexpr std::size_t kLongestKey = 512;
constexpr std::size_t kMostLists = 256;
constexpr std::size_t kMostPaths = 4096;       // of the members of one list's objects
constexpr std::uint64_t kLookedObjects = 200;  // of a list, for their members
constexpr std::size_t kDeepest = 100'000;

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

Error invalid(Text detail, Text fix) {
    return Error{Code::kInvalid, std::move(detail), std::move(fix), {}, {}};
}

}  // namespace

std::string shown(const JsonPlace& place) {
    std::string path;
    if (!place) return path;
    for (const std::string& member : *place)
        path += (path.empty() ? "" : ".") + member;
    return path;
}

Result<void> JsonWalk::feed(std::string_view bytes) {
    m_chunk = bytes;
    for (std::size_t at = 0; at < bytes.size() && !m_error;) {
        if (m_in_string) {
            at = pass_string(at);
            continue;
        }
        const char c = bytes[at];
        if (m_in_scalar && (is_space(c) || c == ',' || c == ']' || c == '}')) {
            m_in_scalar = false;
            on_end(at);
        }
        switch (c) {
            case '\n':
                m_breaks_inside = m_breaks_inside || m_depth > 0;
                pass_line(at);
                break;
            case ' ':
            case '\r':
            case '\t': break;
            case '{':
            case '[': open(c, at); break;
            case '}':
            case ']': close(c, at); break;
            case '"': open_string(at); break;
            case ':':
                m_after_colon = true;
                m_after_string = false;
                if (m_depth > 0 && m_depth <= m_frames.size()) m_frames.back().key = m_key;
                break;
            case ',': m_after_colon = m_after_string = false; break;
            default:
                if (!m_in_scalar) on_value(c, at);
                if (m_after_string && m_unclosed.line == 0) m_unclosed = m_string;
                m_in_scalar = true;
        }
        ++at;
    }
    on_end_of_chunk();
    m_fed += bytes.size();
    if (m_error) return std::unexpected(*m_error);
    return {};
}

void JsonWalk::pass_line(std::size_t at) {
    ++m_line;
    m_line_at = m_fed + at + 1;
}

void JsonWalk::open_string(std::size_t at) {
    const bool in_object = m_depth > 0 && m_depth <= m_frames.size() && !m_frames.back().list;
    m_is_key = in_object && !m_after_colon;
    if (m_is_key) {
        m_key.clear();
    } else {
        on_value('"', at);
    }
    if (m_after_string && m_unclosed.line == 0) m_unclosed = m_string;
    m_in_string = true;
    m_string = {m_line, m_fed + at - m_line_at + 1};
}

// From inside of a string: the place after it, or the end of the chunk.
std::size_t JsonWalk::pass_string(std::size_t at) {
    const std::size_t begin = at;
    for (; at < m_chunk.size(); ++at) {
        const char c = m_chunk[at];
        if (c == '\n') {
            // A text runs from one line to the next in no JSON: its quote is missing.
            if (m_unclosed.line == 0) m_unclosed = m_string;
            pass_line(at);
            on_line_in_string();
        }
        if (m_escaped) {
            m_escaped = false;
        } else if (c == '\\') {
            m_escaped = true;
        } else if (c == '"') {
            break;
        }
    }
    if (m_is_key && m_key.size() + (at - begin) <= kLongestKey)
        m_key += m_chunk.substr(begin, at - begin);
    if (at == m_chunk.size()) return at;
    m_in_string = false;
    m_after_string = true;
    if (!m_is_key) on_end(at + 1);
    return at + 1;
}

Error JsonWalk::damaged() const {
    const Mark& text = m_unclosed.line != 0 ? m_unclosed : m_string;
    if (m_in_string || m_unclosed.line != 0) {
        return invalid(
            {fmt::format("JSON bị hỏng: chữ mở ở dòng {}, vị trí {}, không có dấu nháy đóng.",
                         text.line, text.byte),
             fmt::format("The JSON is damaged: the text that begins in line {} at byte {} has no "
                         "closing quote.",
                         text.line, text.byte)},
            {"Xem lại chỗ đó; hoặc xuất lại tệp rồi gửi lại.",
             "Look at that place; or export the file again and send it."});
    }
    return invalid({fmt::format("JSON bị hỏng: dấu ngoặc ở dòng {} không khớp.", m_line),
                    fmt::format("The JSON is damaged: a bracket in line {} does not fit.", m_line)},
                   {"Xuất lại tệp, hoặc gửi mỗi đối tượng trên một dòng.",
                    "Export it again, or send one object on each line."});
}

Result<void> JsonWalk::end() const {
    if (m_in_string) return std::unexpected(damaged());
    if (m_depth == 0) return {};
    const std::uint64_t line = m_frames.back().line;
    return std::unexpected(invalid(
        {fmt::format("JSON thiếu phần cuối: dấu ngoặc mở ở dòng {} chưa đóng.", line),
         fmt::format("The end of the JSON is missing: the bracket in line {} is not closed.",
                     line)},
        {"Xuất lại tệp rồi gửi lại.", "Export the file again and send it."}));
}

void JsonWalk::open(char bracket, std::size_t at) {
    on_value(bracket, at);
    if (m_depth == 0) {
        ++m_roots;
        m_crowded = m_crowded || m_root_line == m_line;
        m_root_line = m_line;
    }
    if (++m_depth > kDeepest) m_error = damaged();
    if (m_depth <= kNear) m_frames.push_back({bracket == '[', m_line, {}});
    m_after_colon = m_after_string = false;
}

void JsonWalk::close(char bracket, std::size_t at) {
    const bool near = m_depth <= m_frames.size();
    if (m_depth == 0 || (near && m_frames.back().list != (bracket == ']'))) {
        m_error = damaged();
        return;
    }
    if (near) m_frames.pop_back();
    --m_depth;
    m_after_colon = m_after_string = false;
    on_end(at + 1);
}

std::vector<JsonSurvey::List> JsonSurvey::lists() const {
    const bool none =
        std::ranges::all_of(m_lists, [](const List& one) { return one.objects == 0; });
    std::vector<List> lists = m_lists;
    std::erase_if(lists, [&](const List& one) { return none ? one.others > 0 : one.objects == 0; });
    return lists;
}

void JsonSurvey::on_value(char first, std::size_t) {
    if (depth() == 0 || depth() > near().size()) return;
    const auto list =
        static_cast<std::size_t>(std::ranges::find(near(), true, &Frame::list) - near().begin());
    if (list == near().size()) {
        if (first == '[') (void)list_at(list);
        return note_path(0, m_paths);
    }
    if (list + 1 == near().size()) {
        if (List* found = list_at(list)) ++(first == '{' ? found->objects : found->others);
        return;
    }
    if (m_current < m_lists.size() && m_lists[m_current].objects <= kLookedObjects)
        note_path(list + 1, m_lists[m_current].paths);
}

JsonSurvey::List* JsonSurvey::list_at(std::size_t frames) {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < frames; ++i)
        members.push_back(near()[i].key);
    const auto known = std::ranges::find(m_lists, members, &List::members);
    m_current = static_cast<std::size_t>(known - m_lists.begin());
    if (known == m_lists.end()) {
        if (m_lists.size() == kMostLists) return nullptr;
        m_lists.push_back({std::move(members), 0, 0, {}});
    }
    return &m_lists[m_current];
}

// The member that is met, by the frames from `from` on; none inside of a further list.
void JsonSurvey::note_path(std::size_t from, std::vector<std::string>& paths) const {
    std::string path;
    for (std::size_t i = from; i < near().size(); ++i) {
        if (near()[i].list) return;
        path += (path.empty() ? "" : ".") + near()[i].key;
    }
    if (paths.size() < kMostPaths && std::ranges::find(paths, path) == paths.end())
        paths.push_back(std::move(path));
}

bool JsonCutter::at_place() const {
    if (!m_place) return depth() == 0;
    if (depth() != m_place->size() + 1 || depth() > near().size() || !near().back().list)
        return false;
    for (std::size_t i = 0; i < m_place->size(); ++i) {
        if (near()[i].list || near()[i].key != (*m_place)[i]) return false;
    }
    return true;
}

void JsonCutter::on_value(char, std::size_t begin) {
    if (m_inside || !at_place()) return;
    m_inside = true;
    m_broken = false;
    m_outside = depth();
    m_from = begin;
    m_record.clear();
}

void JsonCutter::take_up_to(std::size_t end) {
    const std::string_view part = chunk().substr(m_from, end - m_from);
    m_from = 0;
    if (m_record.size() + part.size() <= kLongestJsonRecord) {
        m_record += part;
        return;
    }
    m_error = invalid({"Một bản ghi JSON dài quá 16 MB.", "A JSON record is longer than 16 MB."},
                      {"Chia nhỏ đối tượng, hoặc xem lại dấu ngoặc của tệp.",
                       "Split the object, or look at the file's brackets."});
}

void JsonCutter::on_end_of_chunk() {
    if (m_inside) take_up_to(chunk().size());
}

void JsonCutter::on_end(std::size_t end) {
    if (!m_inside || depth() != m_outside) return;
    take_up_to(end);
    for (std::size_t at = m_record.find('\n'); at != std::string::npos;
         at = m_record.find('\n', at + 1))
        m_record[at] = m_broken ? '\x01' : ' ';
    m_lines += m_record;
    m_lines += '\n';
    m_inside = false;
}

}  // namespace nguon::scan
