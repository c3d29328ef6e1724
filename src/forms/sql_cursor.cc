#include "forms/internal/sql_import.h"

namespace nguon::forms::internal {

const Token& Cursor::end_token() {
    static const Token kEnd{Token::Kind::kSign, "", "", 0};
    return kEnd;
}

bool Cursor::take(std::string_view word) {
    if (!peek().is(word)) return false;
    next();
    return true;
}

bool Cursor::take_sign(std::string_view sign) {
    if (!peek().is_sign(sign)) return false;
    next();
    return true;
}

bool Cursor::take_all(std::initializer_list<std::string_view> words) {
    std::size_t ahead = 0;
    for (const std::string_view word : words) {
        if (!peek(ahead++).is(word)) return false;
    }
    m_at += words.size();
    return true;
}

Cursor Cursor::parentheses() {
    if (!peek().is_sign("(")) return {m_at, m_at};
    const Token* inside = m_at + 1;
    int depth = 0;
    while (!done()) {
        const Token& token = next();
        if (token.is_sign("(")) ++depth;
        if (token.is_sign(")") && --depth == 0) return {inside, m_at - 1};
    }
    return {inside, m_last};  // never closed: up to the end
}

std::vector<Cursor> Cursor::items() const {
    std::vector<Cursor> items;
    const Token* start = m_at;
    int depth = 0;
    for (const Token* token = m_at; token < m_last; ++token) {
        if (token->is_sign("(")) ++depth;
        if (token->is_sign(")")) --depth;
        if (depth != 0 || !token->is_sign(",")) continue;
        if (token > start) items.push_back({start, token});
        start = token + 1;
    }
    if (start < m_last) items.push_back({start, m_last});
    return items;
}

std::string Cursor::name() {
    if (!peek().is_name()) return {};
    std::string last = next().text;
    while (peek().is_sign(".") && peek(1).is_name()) {
        next();
        last = next().text;
    }
    return last;
}

std::vector<std::string> Cursor::names() {
    std::vector<std::string> names;
    if (!peek().is_sign("(")) return names;
    for (Cursor item : parentheses().items())
        names.push_back(item.name());
    return names;
}

std::string Cursor::shown() const {
    constexpr std::size_t kMost = 80;
    std::string text;
    for (const Token* token = m_at; token < m_last && text.size() < kMost; ++token) {
        const bool tight = text.empty() || text.back() == '(' || text.back() == '.' ||
                           token->is_sign(")") || token->is_sign(",") || token->is_sign("(") ||
                           token->is_sign(".");
        text += tight ? "" : " ";
        text += token->kind == Token::Kind::kText ? "'" + token->text + "'" : token->text;
    }
    if (text.size() <= kMost) return text;
    text.resize(kMost);
    while (!text.empty() && !is_utf8(text))
        text.pop_back();
    return text + "…";
}

}  // namespace nguon::forms::internal
