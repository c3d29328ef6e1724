#include "forms/internal/sql_words.h"

#include <fmt/format.h>

#include <array>

#include "base/ascii.h"
namespace nguon::forms::internal {
namespace {

bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || c == '#' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) {
    return starts_word(c) || is_digit(c) || c == '$';
}

class Lexer {
public:
    explicit Lexer(std::string_view sql) : m_sql(sql) {}

    Result<std::vector<Token>> run() {
        while (m_at < m_sql.size()) {
            if (m_tokens.size() >= kMostTokens) {
                return fail(Code::kTooLarge, {"Tệp SQL quá dài.", "The SQL is too long."},
                            {"Bỏ các câu INSERT.", "Leave the INSERT statements out."});
            }
            TRY(next());
        }
        return std::move(m_tokens);
    }

private:
    char peek(std::size_t ahead = 0) const {
        return m_at + ahead < m_sql.size() ? m_sql[m_at + ahead] : '\0';
    }
    bool at(std::string_view text) const { return m_sql.substr(m_at, text.size()) == text; }
    void skip(std::size_t count) {
        for (std::size_t i = 0; i < count && m_at < m_sql.size(); ++i, ++m_at)
            m_line += m_sql[m_at] == '\n' ? 1 : 0;
    }
    void add(Token::Kind kind, std::string text, int line) {
        std::string lower = kind == Token::Kind::kWord ? to_lower_ascii(text) : text;
        m_tokens.push_back({kind, std::move(text), std::move(lower), line});
    }
    static std::unexpected<Error> unclosed(int line, std::string_view what) {
        return fail(Code::kInvalid,
                    {fmt::format("Dòng {}: {} mở ra mà không đóng lại.", line, what),
                     fmt::format("Line {}: {} opens and never closes.", line, what)},
                    {"Đóng dấu nháy hoặc chú thích.", "Close the quote or the comment."});
    }

    Result<void> next() {
        const char c = peek();
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v') {
            skip(1);
            return {};
        }
        if (at("--") || (c == '#' && at_line_start())) {
            skip(std::min(m_sql.find('\n', m_at), m_sql.size()) - m_at);
            return {};
        }
        if (at("/*")) return comment();
        if (c == '\'') return quoted('\'', Token::Kind::kText, 1, false);
        const bool prefixed = (c == 'N' || c == 'n' || c == 'E' || c == 'e') && peek(1) == '\'';
        if (prefixed) return quoted('\'', Token::Kind::kText, 2, c == 'E' || c == 'e');
        if (c == '"') return quoted('"', Token::Kind::kName, 1, false);
        if (c == '`') return quoted('`', Token::Kind::kName, 1, false);
        if (c == '[' && starts_bracket()) return quoted(']', Token::Kind::kName, 1, false);
        if (c == '$' && dollar_quote()) return {};
        if (starts_word(c)) {
            word();
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            number();
        } else {
            sign();
        }
        return {};
    }

    // MySQL's comment; elsewhere # begins the name of a temporary table.
    bool at_line_start() const {
        for (std::size_t i = m_at; i > 0; --i) {
            if (m_sql[i - 1] == '\n') return true;
            if (m_sql[i - 1] != ' ' && m_sql[i - 1] != '\t') return false;
        }
        return true;
    }

    // SQL Server's [name]; PostgreSQL's int[] and a[i] are no names, nor is ARRAY['a'].
    bool starts_bracket() const {
        const bool after_word = m_at > 0 && (in_word(m_sql[m_at - 1]) || m_sql[m_at - 1] == ')');
        return !after_word && starts_word(peek(1));
    }

    // Nested, as PostgreSQL has them. MySQL's /*! … */ is a comment here: options of the engine.
    Result<void> comment() {
        const int line = m_line;
        int depth = 0;
        do {
            if (m_at >= m_sql.size()) return unclosed(line, "/*");
            if (at("/*")) {
                ++depth;
                skip(2);
            } else if (at("*/")) {
                --depth;
                skip(2);
            } else {
                skip(1);
            }
        } while (depth > 0);
        return {};
    }

    // A doubled quote stands for one; a backslash escapes only where `escapes` says so or a quote
    // follows it and another comes later on the line (MySQL).
    Result<void> quoted(char end, Token::Kind kind, std::size_t prefix, bool escapes) {
        const int line = m_line;
        const std::string mark(1, end == ']' ? '[' : end);
        skip(prefix);
        std::string text;
        for (;;) {
            if (m_at >= m_sql.size()) return unclosed(line, mark);
            const char c = peek();
            if (escapes && c == '\\' && m_at + 1 < m_sql.size()) {
                text += escaped(peek(1));
                skip(2);
            } else if (c == '\\' && end == '\'' && peek(1) == '\'' && !closes_after_backslash()) {
                text += '\'';
                skip(2);
            } else if (c == end && peek(1) == end) {
                text += c;
                skip(2);
            } else if (c == end) {
                skip(1);
                break;
            } else {
                text += c;
                skip(1);
            }
        }
        add(kind, std::move(text), line);
        return {};
    }

    // Whether the quote after a backslash ends the text: 'C:\' is one in standard SQL. It does when
    // what follows is a sign that ends an expression.
    bool closes_after_backslash() const {
        for (std::size_t i = m_at + 2; i < m_sql.size(); ++i) {
            const char c = m_sql[i];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
            return c == ',' || c == ')' || c == ';';
        }
        return true;
    }

    static char escaped(char c) { return c == 'n' ? '\n' : c == 't' ? '\t' : c; }

    // PostgreSQL's $tag$ … $tag$: the body of a function, of no interest, as one text.
    bool dollar_quote() {
        std::size_t end = m_at + 1;
        while (end < m_sql.size() && in_word(m_sql[end]) && m_sql[end] != '$')
            ++end;
        if (end >= m_sql.size() || m_sql[end] != '$' || m_dollars == 0) return false;
        const std::string_view tag = m_sql.substr(m_at, end + 1 - m_at);
        const std::size_t close = m_sql.find(tag, end + 1);
        if (close == std::string_view::npos) {
            --m_dollars;
            return false;
        }
        const int line = m_line;
        std::string text(m_sql.substr(end + 1, close - end - 1));
        skip(close + tag.size() - m_at);
        add(Token::Kind::kText, std::move(text), line);
        return true;
    }

    void word() {
        const std::size_t start = m_at;
        while (m_at < m_sql.size() && in_word(m_sql[m_at]))
            ++m_at;
        add(Token::Kind::kWord, std::string(m_sql.substr(start, m_at - start)), m_line);
    }

    void number() {
        const std::size_t start = m_at;
        while (m_at < m_sql.size() && (in_word(m_sql[m_at]) || m_sql[m_at] == '.'))
            ++m_at;
        add(Token::Kind::kNumber, std::string(m_sql.substr(start, m_at - start)), m_line);
    }

    void sign() {
        static constexpr std::array<std::string_view, 9> kLong = {
            "::", "<>", "<=", ">=", "!=", "||", "!~", "~*", ":="};
        for (const std::string_view two : kLong) {
            if (!at(two)) continue;
            add(Token::Kind::kSign, std::string(two), m_line);
            return skip(2);
        }
        add(Token::Kind::kSign, std::string(1, peek()), m_line);
        skip(1);
    }

    std::string_view m_sql;
    std::size_t m_at = 0;
    int m_line = 1;
    int m_dollars =
        100;  // tags whose end is looked for in vain: each costs a walk through the text
    std::vector<Token> m_tokens;
};

}  // namespace

Result<std::vector<Token>> sql_words(std::string_view sql) {
    return Lexer(sql).run();
}

std::vector<Statement> statements_of(const std::vector<Token>& tokens) {
    std::vector<Statement> statements;
    const Token* first = tokens.data();
    const Token* const end = tokens.data() + tokens.size();
    for (const Token* token = first; token < end; ++token) {
        // SQL Server's GO stands alone on its line; Oracle's / likewise.
        const bool alone = (token == tokens.data() || token[-1].line < token->line) &&
                           (token + 1 == end || token[1].line > token->line);
        if (!token->is_sign(";") && !(alone && (token->is("go") || token->is_sign("/")))) continue;
        if (token > first) statements.push_back({first, token});
        first = token + 1;
    }
    if (first < end) statements.push_back({first, end});
    return statements;
}

}  // namespace nguon::forms::internal
