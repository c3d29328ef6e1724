#include "scan/internal/json_cut.h"

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

Error damaged() {
    return Error{
        Code::kInvalid,
        {"JSON bị hỏng: dấu ngoặc không khớp.", "The JSON is damaged: its brackets do not fit."},
        {"Xuất lại tệp, hoặc gửi mỗi đối tượng trên một dòng.",
         "Export it again, or send one object on each line."},
        {},
        {}};
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
    for (std::size_t at = 0; at < bytes.size();) {
        const char c = bytes[at];
        if (m_in_string) {
            if (m_escaped) {
                see_string(bytes.substr(at, 1), false);
                m_escaped = false;
                ++at;
                continue;
            }
            const std::size_t end = std::min(bytes.find_first_of("\"\\", at), bytes.size());
            see_string(bytes.substr(at, end - at), false);
            if (end == bytes.size()) break;
            at = end + 1;
            if (bytes[end] == '\\') {
                see_string(bytes.substr(end, 1), false);
                m_escaped = true;
            } else {
                see_string({}, true);
            }
            if (m_error) return std::unexpected(*m_error);
            continue;
        }
        ++at;
        if (m_in_scalar && (is_space(c) || c == ',' || c == ']' || c == '}')) {
            m_in_scalar = false;
            on_end_of_scalar();
        }
        if (is_space(c)) {
            m_breaks_inside = m_breaks_inside || (c == '\n' && m_depth > 0);
            on_byte(' ');
        } else if (c == '{' || c == '[') {
            open(c);
        } else if (c == '}' || c == ']') {
            close(c);
        } else if (c == '"') {
            const bool in_object =
                m_depth > 0 && m_depth <= m_frames.size() && !m_frames.back().list;
            m_is_key = in_object && !m_after_colon;
            if (m_is_key) {
                m_key.clear();
            } else {
                on_value(c);
            }
            m_in_string = true;
            on_byte(c);
        } else if (c == ':') {
            m_after_colon = true;
            if (m_depth > 0 && m_depth <= m_frames.size()) m_frames.back().key = m_key;
            on_byte(c);
        } else if (c == ',') {
            m_after_colon = false;
            on_byte(c);
        } else {
            if (!m_in_scalar) on_value(c);
            m_in_scalar = true;
            on_byte(c);
        }
        if (m_error) return std::unexpected(*m_error);
    }
    if (m_error) return std::unexpected(*m_error);
    return {};
}

void JsonWalk::open(char bracket) {
    on_value(bracket);
    if (m_depth == 0) ++m_roots;
    if (++m_depth > kDeepest) m_error = damaged();
    if (m_depth <= kNear) m_frames.push_back({bracket == '[', {}});
    m_after_colon = false;
    on_byte(bracket);
}

void JsonWalk::close(char bracket) {
    const bool near = m_depth <= m_frames.size();
    if (m_depth == 0 || (near && m_frames.back().list != (bracket == ']'))) {
        m_error = damaged();
        return;
    }
    if (near) m_frames.pop_back();
    --m_depth;
    m_after_colon = false;
    on_byte(bracket);
    on_end_of_value();
}

void JsonWalk::see_string(std::string_view part, bool ends) {
    if (ends) {
        m_in_string = false;
        on_byte('"');
        if (!m_is_key) on_end_of_scalar();
        return;
    }
    if (m_is_key && m_key.size() + part.size() <= kLongestKey) m_key += part;
    on_bytes(part);
}

void JsonSurvey::on_value(char first) {
    if (depth() == 0 || depth() > near().size()) return;
    const auto list =
        static_cast<std::size_t>(std::ranges::find(near(), true, &Frame::list) - near().begin());
    if (list == near().size()) return note_path(0, m_paths);
    if (list + 1 == near().size()) {
        if (first == '{') count_object(list);
        return;
    }
    if (m_current < m_lists.size() && m_lists[m_current].objects <= kLookedObjects)
        note_path(list + 1, m_lists[m_current].paths);
}

void JsonSurvey::count_object(std::size_t list) {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < list; ++i)
        members.push_back(near()[i].key);
    const auto known = std::ranges::find(m_lists, members, &List::members);
    m_current = static_cast<std::size_t>(known - m_lists.begin());
    if (known == m_lists.end()) {
        if (m_lists.size() == kMostLists) return;
        m_lists.push_back({std::move(members), 0, {}});
    }
    ++m_lists[m_current].objects;
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

void JsonCutter::on_value(char) {
    if (m_inside || !at_place()) return;
    m_inside = true;
    m_outside = depth();
    m_record.clear();
}

void JsonCutter::on_byte(char c) {
    if (m_inside) on_bytes({&c, 1});
}

void JsonCutter::on_bytes(std::string_view bytes) {
    if (!m_inside) return;
    if (m_record.size() + bytes.size() > kLongestJsonRecord) {
        m_error = Error{Code::kInvalid,
                        {"Một bản ghi JSON dài quá 16 MB.", "A JSON record is longer than 16 MB."},
                        {"Chia nhỏ đối tượng, hoặc xem lại dấu ngoặc của tệp.",
                         "Split the object, or look at the file's brackets."},
                        {},
                        {}};
        return;
    }
    const std::size_t from = m_record.size();
    m_record += bytes;
    // A line end in a string is not allowed; kept, it would part the record's line.
    for (std::size_t i = from; i < m_record.size(); ++i) {
        if (m_record[i] == '\n') m_record[i] = '\x01';
    }
}

void JsonCutter::on_end_of_value() {
    if (m_inside && depth() == m_outside) finish();
}

void JsonCutter::on_end_of_scalar() {
    if (m_inside && depth() == m_outside) finish();
}

void JsonCutter::finish() {
    m_lines += m_record;
    m_lines += '\n';
    m_record.clear();
    m_inside = false;
}

}  // namespace nguon::scan
