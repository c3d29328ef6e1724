// One run of one command: its arguments, the node it speaks to, and where results go.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/environment.h"
#include "cli/style.h"

namespace nguon::cli {

struct JsonAnswer {
    int status = 200;
    json::value value;
    std::string text = {};  // as it came: numbers inside have every digit
};

class Session {
public:
    Session(Environment& environment, Arguments arguments);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const Arguments& arguments() const { return m_arguments; }
    const Style& style() const { return m_style; }
    Language language() const { return m_style.language; }
    Environment& environment() { return m_environment; }
    std::filesystem::path data() const;

    // Opens the node once, on first use. Not needed before send().
    Result<void> open(Purpose purpose = Purpose::kCommands);
    // Shows on a terminal that it works, when it takes longer than a second; how far it is when the
    // request is long_work().
    // Errors: the node's own, with its code; unavailable when it does not answer.
    Result<http::Response> send(http::Request& request);
    // The same for an answer that is JSON. Errors also: internal when it is not.
    Result<JsonAnswer> send_for_json(http::Request& request);
    // A body to send: the file itself, or standard input for "-", kept aside until the end.
    Result<http::Body> body_of(const std::string& file);

    void print(std::string_view text);
    void print_line(std::string_view text);
    void print_json(const json::value& value);  // one line
    void print_bytes(const http::Response& answer);
    void note(std::string_view text);  // a line on standard error
    // False when a result could not be written.
    bool printed() const { return m_printed; }

private:
    Environment& m_environment;
    Arguments m_arguments;
    Style m_style;
    std::optional<Opened> m_opened;
    bool m_printed = true;
};

// {"error":{…}} or the same for people. Returns the exit code.
int report(Environment& environment, const Error& error, const Style& style, bool json);
// The whole error object, as --json prints it.
json::object error_json(const Error& error, Language language);

// Writes through a file beside it, so that what was there stays until all is written.
// Whether `to` could be written: its folder is there and is ours. Errors: invalid, with what to do.
Result<void> may_write(const std::filesystem::path& to);
Result<void> write_file(const std::filesystem::path& to, const http::Response& answer);
Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace nguon::cli
