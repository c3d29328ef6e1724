// Server-sent events (WHATWG HTML section 9.2): written by the server, read by the client.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace nguon::http {

// One event; data with line breaks becomes several data lines.
std::string event_text(std::string_view name, std::string_view data);
// A comment line: a sign of life that readers skip.
inline constexpr std::string_view kHeartbeat = ":\n\n";

std::string progress_event(const Progress& progress);
// {"status","headers":{},"body"}; body is JSON where the answer is, else a string. The body of an
// answer with a file is read from it, to 64 MiB; past that the event says `too_large`.
std::string result_event(const Request& request, const Response& response);

// Calls back with name and data of each event that is complete.
// A stream whose line or event passes 128 MiB is cut off: feed() returns false from then on.
class EventReader {
public:
    using Sink = std::function<void(std::string_view name, std::string_view data)>;
    bool feed(std::string_view bytes, const Sink& sink);

private:
    void on_line(std::string_view line, const Sink& sink);
    std::string m_line;
    std::string m_name;
    std::string m_data;
    bool m_has_data = false;
    bool m_after_cr = false;
};

// What progress_event() and result_event() wrote; nothing when it is something else.
std::optional<Progress> read_progress(std::string_view data);
std::optional<Response> read_result(std::string_view data);

}  // namespace nguon::http
