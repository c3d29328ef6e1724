#include "scan/internal/xml.h"

#include <expat.h>
#include <fmt/format.h>

#include <limits>

namespace nguon::scan {
namespace {

// Elements nested deeper are an attack on whoever walks them.
constexpr int kDeepest = 256;

std::string_view without_prefix(const char* name) {
    const std::string_view whole(name);
    const std::size_t colon = whole.find(':');
    return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

const char* XmlAttributes::find(std::string_view name) const {
    for (const char** pair = m_pairs; *pair != nullptr; pair += 2) {
        if (without_prefix(pair[0]) == name) return pair[1];
    }
    return nullptr;
}

bool XmlAttributes::is_true(std::string_view name) const {
    const char* value = find(name);
    return value != nullptr &&
           (std::string_view(value) == "1" || std::string_view(value) == "true");
}

struct XmlParser::Impl {
    XML_Parser parser;
    XmlHandler& handler;
    std::string part;
    int depth = 0;
    bool has_type = false;  // a document type: entities could follow

    Impl(XmlHandler& to, std::string name)
        : parser(XML_ParserCreate(nullptr)), handler(to), part(std::move(name)) {
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, on_start, on_end);
        XML_SetCharacterDataHandler(parser, on_text);
        XML_SetStartDoctypeDeclHandler(parser, on_type);
    }
    ~Impl() { XML_ParserFree(parser); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void stop_on_error() {
        if (handler.error) XML_StopParser(parser, XML_FALSE);
    }
    static void on_start(void* self, const char* name, const char** attributes) {
        Impl& impl = *static_cast<Impl*>(self);
        if (++impl.depth > kDeepest) {
            XML_StopParser(impl.parser, XML_FALSE);
            return;
        }
        impl.handler.start(without_prefix(name), XmlAttributes(attributes));
        impl.stop_on_error();
    }
    static void on_end(void* self, const char* name) {
        Impl& impl = *static_cast<Impl*>(self);
        --impl.depth;
        impl.handler.end(without_prefix(name));
        impl.stop_on_error();
    }
    static void on_text(void* self, const char* text, int size) {
        Impl& impl = *static_cast<Impl*>(self);
        impl.handler.text({text, static_cast<std::size_t>(size)});
        impl.stop_on_error();
    }
    static void on_type(void* self, const char*, const char*, const char*, int) {
        Impl& impl = *static_cast<Impl*>(self);
        impl.has_type = true;
        XML_StopParser(impl.parser, XML_FALSE);
    }
};

XmlParser::XmlParser(XmlHandler& handler, std::string part)
    : m_impl(std::make_unique<Impl>(handler, std::move(part))) {}

XmlParser::~XmlParser() = default;

Result<void> XmlParser::feed(std::string_view bytes, bool last) {
    if (XML_Parse(m_impl->parser, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0) !=
        XML_STATUS_ERROR) {
        return {};
    }
    if (m_impl->handler.error) return std::unexpected(*m_impl->handler.error);
    const auto line = XML_GetCurrentLineNumber(m_impl->parser);
    const std::string what = m_impl->has_type ? "a document type is not allowed"
                                              : XML_ErrorString(XML_GetErrorCode(m_impl->parser));
    return fail(Code::kInvalid,
                {fmt::format("Phần «{}» của tệp bị hỏng (dòng {}).", m_impl->part, line),
                 fmt::format("The part \"{}\" of the file is damaged (line {}: {}).", m_impl->part,
                             line, what)},
                {"Mở tệp, lưu lại rồi gửi, hoặc lưu dạng CSV UTF-8.",
                 "Open the file, save it again and send that, or save it as CSV UTF-8."});
}

Result<void> parse_xml(ByteStream& stream, XmlHandler& handler, const std::string& part) {
    XmlParser parser(handler, part);
    std::string chunk(64 * 1024, '\0');
    for (;;) {
        TRY_ASSIGN(const std::size_t got, stream.read(chunk));
        const bool last = got < chunk.size();
        TRY(parser.feed(std::string_view(chunk).substr(0, got), last));
        if (last) return {};
    }
}

}  // namespace nguon::scan
