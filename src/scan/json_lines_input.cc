// JSON lines: one object a line, so damage never passes its line. Members become text fields by
// name.
#include <algorithm>
#include <cstring>

#include "base/json.h"
#include "scan/internal/formats.h"

namespace nguon::scan {
namespace {

// A line longer than this is refused as damage rather than kept in memory.
constexpr std::size_t kLongestLine = 16 << 20;

class JsonLinesInput final : public RecordInput {
public:
    JsonLinesInput(std::vector<std::string> names, std::unique_ptr<ByteStream> stream,
                   std::string head, Encoding encoding)
        : m_names(std::move(names)),
          m_encoding(encoding),
          m_buffer(std::move(stream), std::move(head)) {}

    Format format() const override { return Format::kJsonLines; }
    Encoding encoding() const override { return m_encoding; }
    Compression compression() const override { return m_buffer.stream().compression(); }
    const std::vector<std::string>& names() const override { return m_names; }
    std::uint64_t consumed() const override { return m_buffer.stream().consumed(); }
    std::uint64_t size() const override { return m_buffer.stream().size(); }
    std::string sha256() override { return m_buffer.stream().sha256(); }

    Result<bool> next(Block& block) override {
        if (m_buffer.ended()) return false;
        for (;;) {
            TRY_ASSIGN(const std::size_t size, m_buffer.fill(block.bytes));
            if (m_buffer.ended()) break;
            const void* line = memrchr(block.bytes.data(), '\n', size);
            if (line != nullptr) {
                const auto end = static_cast<std::size_t>(static_cast<const char*>(line) + 1 -
                                                          block.bytes.data());
                m_buffer.carry(block.bytes, end);
                break;
            }
            if (size > kLongestLine) {
                return fail(
                    Code::kInvalid,
                    {"Một dòng JSON dài quá 16 MB.", "A line of JSON is longer than 16 MB."},
                    {"Viết mỗi đối tượng trên một dòng.", "Write one object on each line."});
            }
            m_buffer.carry(block.bytes, 0);
        }
        block.number = m_number++;
        block.last = m_buffer.ended();
        return true;
    }

    void split(Block& block) const override {
        block.width = m_names.size();
        std::string_view rest = block.bytes;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view line = trim(rest.substr(0, end));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            if (!line.empty()) read_line(line, block);
        }
    }

private:
    void read_line(std::string_view line, Block& block) const {
        const std::size_t first = block.fields.size();
        block.fields.resize(first + block.width);
        unsigned flags = text_flags(line);
        if (flags == 0) {
            const Result<json::value> value = parse_json(line);
            if (!value || !value->is_object()) {
                flags = kNotAnObject;
            } else {
                for (std::size_t i = 0; i < m_names.size(); ++i) {
                    const json::value* member = value->get_object().if_contains(m_names[i]);
                    if (member == nullptr || member->is_null()) continue;
                    block.fields[first + i] = block.arena.emplace_back(
                        member->is_string() ? std::string(member->get_string()) : to_text(*member));
                }
            }
        }
        block.texts.push_back(line);
        block.flags.push_back(static_cast<unsigned char>(flags));
    }

    std::vector<std::string> m_names;
    Encoding m_encoding;
    BlockBuffer m_buffer;
    std::uint64_t m_number = 0;
};

}  // namespace

Result<std::unique_ptr<RecordInput>> open_json_lines(InputOptions options,
                                                     std::unique_ptr<ByteStream> stream,
                                                     std::string head, Encoding encoding) {
    std::vector<std::string> names = std::move(options.columns);
    if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
    if (names.empty()) {  // nobody said which: the members of the first lines
        std::string_view rest = head;
        for (int line = 0; line < 200 && !rest.empty(); ++line) {
            const std::size_t end = rest.find('\n');
            const Result<json::value> value = parse_json(trim(rest.substr(0, end)));
            if (value && value->is_object()) {
                for (const auto& member : value->get_object()) {
                    if (std::ranges::find(names, std::string_view(member.key())) == names.end()) {
                        names.emplace_back(member.key());
                    }
                }
            }
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
    }
    return std::make_unique<JsonLinesInput>(std::move(names), std::move(stream), std::move(head),
                                            encoding);
}

}  // namespace nguon::scan
