#include "scan/internal/xlsx_parts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>

namespace nguon::scan {
namespace {

constexpr std::size_t kMostStyles = 1 << 20;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

int number_of(const char* text, int otherwise) {
    if (text == nullptr) return otherwise;
    const std::string_view digits(text);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : otherwise;
}

std::unexpected<Error> too_many(std::string_view vi, std::string_view en) {
    return fail(
        Code::kInvalid,
        {fmt::format("Bảng tính có quá nhiều {}.", vi),
         fmt::format("The workbook has too many {}.", en)},
        {"Lưu dữ liệu dạng CSV UTF-8 rồi gửi lại.", "Save the data as CSV UTF-8 and send that."});
}

}  // namespace

void append_unescaped(std::string_view text, std::string& out) {
    for (;;) {
        const std::size_t at = text.find("_x");
        if (at == std::string_view::npos) break;
        out += text.substr(0, at);
        text.remove_prefix(at);
        unsigned value = 0;
        bool escape = text.size() >= 7 && text[6] == '_';
        for (std::size_t i = 2; escape && i < 6; ++i) {
            const int digit = hex_digit(text[i]);
            escape = digit >= 0;
            value = value * 16 + static_cast<unsigned>(digit);
        }
        if (escape && value > 0 && value < 0x80) {
            out += static_cast<char>(value);
            text.remove_prefix(7);
        } else {
            out += "_x";
            text.remove_prefix(2);
        }
    }
    out += text;
}

class SharedStrings::Handler final : public XmlHandler {
public:
    explicit Handler(SharedStrings& strings) : m_strings(strings) {}

    void start(std::string_view name, const XmlAttributes&) override {
        if (name == "si") {
            m_raw.clear();
        } else if (name == "rPh") {  // how it is spoken: no part of the text
            m_spoken = true;
        } else if (name == "t") {
            m_reads = !m_spoken;
        }
    }
    void end(std::string_view name) override {
        if (name == "t") {
            m_reads = false;
        } else if (name == "rPh") {
            m_spoken = false;
        } else if (name == "si") {
            m_text.clear();
            append_unescaped(m_raw, m_text);
            if (auto added = m_strings.add(m_text); !added) error = added.error();
        }
    }
    void text(std::string_view part) override {
        if (!m_reads) return;
        if (m_raw.size() + part.size() > kLongestCell) {
            error = too_many("ký tự trong một ô", "characters in one cell").error();
            return;
        }
        m_raw += part;
    }

private:
    SharedStrings& m_strings;
    std::string m_raw, m_text;
    bool m_reads = false, m_spoken = false;
};

SharedStrings::~SharedStrings() {
    m_file.reset();
    if (!m_path.empty()) (void)m_disk->remove(m_path);
}

Result<void> SharedStrings::read(ByteStream& part) {
    Handler handler(*this);
    return parse_xml(part, handler, "sharedStrings.xml");
}

Result<void> SharedStrings::add(std::string_view text) {
    if (m_ends.size() == kMostStrings) return too_many("văn bản khác nhau", "different texts");
    if (m_text.size() + text.size() > kStringsInMemory) TRY(spill());
    m_text += text;
    m_ends.push_back(m_spilled + m_text.size());
    return {};
}

Result<void> SharedStrings::spill() {
    if (!m_file) {
        static std::atomic<unsigned> count = 0;  // several are read at the same time
        m_path = m_folder / fmt::format("strings-{}-{}", ::getpid(), ++count);
        TRY_ASSIGN(m_file, m_disk->open(m_path, OpenMode::kCreate));
        TRY(m_file->truncate(0));  // one left by a process that had this number
    }
    TRY(m_file->write_at(m_spilled, m_text));
    m_spilled += m_text.size();
    m_text.clear();
    return {};
}

Result<void> SharedStrings::append(std::size_t number, std::string& to) const {
    const std::uint64_t begin = number == 0 ? 0 : m_ends[number - 1];
    const auto size = static_cast<std::size_t>(m_ends[number] - begin);
    if (begin >= m_spilled) {
        to.append(m_text, static_cast<std::size_t>(begin - m_spilled), size);
        return {};
    }
    const std::size_t before = to.size();
    to.resize(before + size);
    TRY_ASSIGN(const std::size_t got, m_file->read_at(begin, std::span(to).subspan(before)));
    if (got == size) return {};
    return fail(Code::kUnavailable, {"Tệp tạm bị cắt ngắn.", "A temporary file was cut short."},
                {"Kiểm tra đĩa rồi thử lại.", "Check the disk and try again."});
}

namespace {

class StylesHandler final : public XmlHandler {
public:
    Styles styles;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "numFmt") {
            const char* code = attributes.find("formatCode");
            const int id = number_of(attributes.find("numFmtId"), -1);
            if (m_codes.size() > kMostStyles) error = too_many("định dạng", "formats").error();
            // dxf styles have formats of their own; the first under a number is the cells'
            if (code != nullptr && m_in_formats) m_codes.emplace(id, format_from_code(code));
        } else if (name == "numFmts") {
            m_in_formats = true;
        } else if (name == "cellXfs") {
            m_in_cells = true;
        } else if (name == "xf" && m_in_cells) {
            if (styles.formats.size() > kMostStyles) error = too_many("kiểu ô", "styles").error();
            const int id = number_of(attributes.find("numFmtId"), 0);
            const auto code = m_codes.find(id);
            styles.formats.push_back(code != m_codes.end() ? code->second : built_in_format(id));
        }
    }
    void end(std::string_view name) override {
        if (name == "cellXfs") m_in_cells = false;
        if (name == "numFmts") m_in_formats = false;
    }

private:
    std::map<int, NumberFormat> m_codes;
    bool m_in_cells = false, m_in_formats = false;
};

class WorkbookHandler final : public XmlHandler {
public:
    WorkbookPart part;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "sheet") {
            const std::string state = attributes.text("state");
            part.sheets.push_back({attributes.text("name"), !state.empty() && state != "visible"});
            part.relations.push_back(attributes.text("id"));
            if (part.sheets.size() > kMostSheets) error = too_many("trang", "sheets").error();
        } else if (name == "workbookPr" && attributes.is_true("date1904")) {
            part.dates = DateSystem::k1904;
        }
    }
    void end(std::string_view) override {}
};

class RelationsHandler final : public XmlHandler {
public:
    std::vector<Relation> relations;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name != "Relationship" || relations.size() > 10 * kMostSheets) return;
        relations.push_back({attributes.text("Id"), attributes.text("Type"),
                             attributes.text("Target"),
                             attributes.text("TargetMode") == "External"});
    }
    void end(std::string_view) override {}
};

}  // namespace

Result<Styles> read_styles(ByteStream& part) {
    StylesHandler handler;
    TRY(parse_xml(part, handler, "styles.xml"));
    return std::move(handler.styles);
}

Result<WorkbookPart> read_workbook(ByteStream& part) {
    WorkbookHandler handler;
    TRY(parse_xml(part, handler, "workbook.xml"));
    return std::move(handler.part);
}

Result<std::vector<Relation>> read_relations(ByteStream& part) {
    RelationsHandler handler;
    TRY(parse_xml(part, handler, "workbook.xml.rels"));
    return std::move(handler.relations);
}

std::string resolve_target(std::string_view from, std::string_view target) {
    std::string path;
    if (!target.starts_with('/')) {
        const std::size_t folder = from.rfind('/');
        if (folder != std::string_view::npos) path = from.substr(0, folder + 1);
    }
    path += target;
    std::ranges::replace(path, '\\', '/');
    std::vector<std::string> parts;
    for (std::string& part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            parts.push_back(std::move(part));
        } else if (!parts.empty()) {
            parts.pop_back();
        }
    }
    std::string resolved;
    for (const std::string& part : parts)
        resolved += (resolved.empty() ? "" : "/") + part;
    return resolved;
}

}  // namespace nguon::scan
