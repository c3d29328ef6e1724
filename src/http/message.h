// A request and an answer, apart from any connection: handlers are plain functions between them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"

namespace nguon::http {

// kTrace is known, so that it is refused as one that no address takes (405) and not as unknown
// (501).
enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kTrace };
std::string_view name_of(Method method);

// Names are compared without case (RFC 9110 section 5.1). A name given twice keeps the values
// joined with ", ".
class Headers {
public:
    void set(std::string_view name, std::string_view value);
    void add(std::string_view name, std::string_view value);
    std::string_view get(std::string_view name) const;  // empty when absent
    bool has(std::string_view name) const;
    void remove(std::string_view name);
    const std::vector<std::pair<std::string, std::string>>& all() const { return m_all; }

private:
    std::vector<std::pair<std::string, std::string>> m_all;
};

// A file that goes away with the last holder when `owned` is true.
class BodyFile {
public:
    BodyFile(std::filesystem::path path, bool owned) : m_path(std::move(path)), m_owned(owned) {}
    ~BodyFile();
    BodyFile(const BodyFile&) = delete;
    BodyFile& operator=(const BodyFile&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    bool m_owned;
};

// Bodies to 1 MiB are in memory, larger ones in a file.
struct Body {
    std::string bytes;
    std::shared_ptr<BodyFile> file;
    bool empty() const { return bytes.empty() && !file; }
};

// Who asks. The listener and the token decide (docs/concepts/access.md).
enum class Caller { kPublic, kAdministrator };

// Where a request came in. Calls in-process count as internal.
enum class Listener { kPublic, kInternal };
std::string_view name_of(Listener listener);

// How far long work is; unit is "rows" or "bytes". total 0: unknown.
struct Progress {
    std::string step;  // "read", "check", "seal", "view", …
    std::uint64_t done = 0, total = 0;
};
using ProgressSink = std::function<void(const Progress&)>;

struct Request {
    Method method = Method::kGet;
    std::string path;                                        // still percent-encoded
    std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
    Headers headers;
    Body body;
    std::string id;  // request id, in logs and answers
    Caller caller = Caller::kPublic;
    Listener listener = Listener::kPublic;
    bool token_given = false;                // an Authorization header, good or bad
    Language language = Language::kEnglish;  // from Accept-Language
    std::map<std::string, std::string, std::less<>> parameters;  // of the route's path, decoded
    // As matched by the path, not decoded: a row key holds encoded commas.
    std::map<std::string, std::string, std::less<>> raw_parameters;
    ProgressSink progress;            // may be empty
    std::function<bool()> cancelled;  // true when nobody waits any more; may be empty
    // Of routes that stream, when the client asked for text/event-stream: sends this event as it
    // is, and waits while much is unsent. The first one begins the answer; what the handler
    // returns then only ends it. False: nobody reads any more. Called by the handler's thread.
    std::function<bool(std::string_view)> emit;

    std::string_view parameter(std::string_view name) const;
    std::optional<std::string> query_value(std::string_view name) const;
};

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    std::shared_ptr<BodyFile> file;  // sent instead of body when set
    bool ranges = false;  // a Range header may ask for a part of it (RFC 9110 section 14)

    static Response json(int status, const json::value& value);
};

// RFC 9457 problem+json with `code` as docs/reference/json.md has it.
Response problem(const Error& error, const Request& request);
// With a status that no Code has: 401, 405, 408, 431, 501 and so on.
Response problem(const Error& error, const Request& request, int status);
// Back from problem+json to an Error, for a command whose request a node answered. Texts are in the
// one language of the answer; members that an Error does not have become its attachment.
Error error_of(const Response& answer);
// "Not Found"; empty for a status that is not used here.
std::string_view reason_of(int status);
// The {"error":{…}} object of the command line, from an Error in one language.
json::object error_object(const Error& error, Language language);

}  // namespace nguon::http
