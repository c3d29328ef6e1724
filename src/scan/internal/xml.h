// XML of untrusted files, by expat, fed piece by piece: names without prefix, no document type, no
// entities of the file's own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "scan/byte_stream.h"

namespace nguon::scan {

// Attributes of one element: name, value, name, value, …, nullptr.
class XmlAttributes {
public:
    explicit XmlAttributes(const char** pairs) : m_pairs(pairs) {}
    // By the name without prefix; nullptr when absent.
    const char* find(std::string_view name) const;
    std::string text(std::string_view name) const {
        const char* value = find(name);
        return value == nullptr ? std::string() : value;
    }
    // "1" or "true".
    bool is_true(std::string_view name) const;

private:
    const char** m_pairs;
};

class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void end(std::string_view name) = 0;
    virtual void text(std::string_view) {}
    // What the handler finds wrong ends the parse.
    std::optional<Error> error;
};

class XmlParser {
public:
    // `part`: its name, for messages. `handler` outlives this.
    XmlParser(XmlHandler& handler, std::string part);
    ~XmlParser();
    // Errors: invalid, naming part and line.
    Result<void> feed(std::string_view bytes, bool last);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// All of a stream.
Result<void> parse_xml(ByteStream& stream, XmlHandler& handler, const std::string& part);

}  // namespace nguon::scan
