#include "forms/internal/html.h"

#include "base/text.h"

namespace nguon::forms::internal {
namespace {

// HTML, section 13.1.2.3 and 13.3: text and quoted attribute values alike. Control characters,
// which no HTML may hold, become U+FFFD.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: {
                const bool control =
                    static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r';
                if (control || c == '\x7F') {
                    out += "\uFFFD";
                } else {
                    out += c;
                }
            }
        }
    }
    return out;
}

}  // namespace

void Html::start(std::string_view element, Attributes attributes) {
    m_out += '<';
    m_out += element;
    for (const auto& [name, value] : attributes) {
        m_out += ' ';
        m_out += name;
        m_out += "=\"" + escaped(value) + '"';
    }
    m_out += '>';
}

Html& Html::open(std::string_view element, Attributes attributes) {
    start(element, attributes);
    m_open.emplace_back(element);
    return *this;
}

Html& Html::close() {
    m_out += "</" + m_open.back() + ">\n";
    m_open.pop_back();
    return *this;
}

Html& Html::text(std::string_view words) {
    m_out += escaped(words);
    return *this;
}

Html& Html::leaf(std::string_view element, std::string_view words, Attributes attributes) {
    return open(element, attributes).text(words).close();
}

Html& Html::empty(std::string_view element, Attributes attributes) {
    start(element, attributes);
    return *this;
}

Html& Html::style(std::string_view css) {
    m_out += "<style>";
    m_out += css;
    m_out += "</style>\n";
    return *this;
}

std::string Html::page() {
    while (!m_open.empty())
        close();
    return "<!doctype html>\n" + std::move(m_out);
}

}  // namespace nguon::forms::internal
