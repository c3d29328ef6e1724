// HTML written element by element: the one place where text becomes HTML. There is no way to add
// text that is not escaped, and an element that was opened is closed.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon::forms::internal {

class Html {
public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    // Names of elements and attributes are literals of ours.
    Html& open(std::string_view element, Attributes attributes = {});
    Html& close();
    Html& text(std::string_view words);
    // An element with text alone: leaf("td", "A < B").
    Html& leaf(std::string_view element, std::string_view words, Attributes attributes = {});
    Html& empty(std::string_view element, Attributes attributes = {});  // meta, br
    // The page's own style sheet, a literal of ours: CSS is not escaped.
    Html& style(std::string_view css);
    std::string page();  // with its doctype; closes what is open

private:
    void start(std::string_view element, Attributes attributes);
    std::string m_out;
    std::vector<std::string> m_open;
};

}  // namespace nguon::forms::internal
