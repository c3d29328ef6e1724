// JSON: lines of objects, so that damage never passes its line; a document that holds a list of
// objects; GeoJSON. Members become text fields by name.
#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>

#include "base/json.h"
#include "scan/internal/formats.h"
#include "scan/internal/json_cut.h"
#include "scan/internal/json_fields.h"
#include "scan/internal/json_layout.h"

namespace nguon::scan {
namespace {

class JsonInput final : public RecordInput {
public:
    JsonInput(JsonLayout layout, JsonFields fields, std::unique_ptr<ByteStream> stream,
              std::string head, Encoding encoding)
        : m_layout(std::move(layout)),
          m_fields(std::move(fields)),
          m_encoding(encoding),
          m_met(m_fields.names().size(), 0),
          m_cutter(m_layout.place),
          m_head(std::move(head)),
          m_buffer(std::move(stream), m_layout.format == Format::kJsonLines ? m_head : "") {}

    Format format() const override { return m_layout.format; }
    Contents contents() const override {
        Contents contents;
        contents.lists = m_layout.lists;
        contents.member = shown(m_layout.place);
        if (!m_layout.place && !m_layout.lists.empty()) contents.member = kWholeDocument;
        return contents;
    }
    Encoding encoding() const override { return m_encoding; }
    Compression compression() const override { return m_buffer.stream().compression(); }
    const std::vector<std::string>& names() const override { return m_fields.names(); }
    std::uint64_t consumed() const override { return m_buffer.stream().consumed(); }
    std::uint64_t size() const override { return m_buffer.stream().size(); }
    std::string sha256() override { return m_buffer.stream().sha256(); }

    Result<bool> next(Block& block) override {
        TRY_ASSIGN(const bool more,
                   m_layout.format == Format::kJsonLines ? next_lines(block) : next_cut(block));
        if (!more) return false;
        block.number = m_number++;
        return true;
    }

    void split(Block& block) const override {
        block.width = m_fields.names().size();
        JsonFields::Reader reader(m_fields);
        std::string_view rest = block.bytes;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view line = trim(rest.substr(0, end));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            if (!line.empty()) read_line(line, reader, block);
        }
        const std::lock_guard lock(m_met_lock);
        std::ranges::transform(reader.met(), m_met, m_met.begin(), std::bit_or<char>());
    }
    std::vector<std::string> names_not_met() const override {
        const std::lock_guard lock(m_met_lock);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < m_met.size(); ++i) {
            if (m_met[i] == 0) names.push_back(m_fields.names()[i]);
        }
        return names;
    }

private:
    Result<bool> next_lines(Block& block) {
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
            if (size > kLongestJsonRecord) {
                return fail(
                    Code::kInvalid,
                    {"Một dòng JSON dài quá 16 MB.", "A line of JSON is longer than 16 MB."},
                    {"Viết mỗi đối tượng trên một dòng.", "Write one object on each line."});
            }
            m_buffer.carry(block.bytes, 0);
        }
        block.last = m_buffer.ended();
        return true;
    }

    Result<bool> next_cut(Block& block) {
        if (m_ended) return false;
        TRY(m_cutter.feed(std::exchange(m_head, {})));
        std::string chunk(kBlockBytes, '\0');
        while (!m_ended && m_cutter.ready() < kBlockBytes) {
            TRY_ASSIGN(const std::size_t got, m_buffer.stream().read(chunk));
            m_ended = got < chunk.size();
            TRY(m_cutter.feed(std::string_view(chunk).substr(0, got)));
        }
        if (m_ended && !m_cutter.whole()) {
            return fail(Code::kInvalid,
                        {"JSON thiếu phần cuối: còn dấu ngoặc chưa đóng.",
                         "The end of the JSON is missing: a bracket is not closed."},
                        {"Xuất lại tệp rồi gửi lại.", "Export the file again and send it."});
        }
        block.bytes = m_cutter.take();
        block.last = m_ended;
        return true;
    }

    void read_line(std::string_view line, JsonFields::Reader& reader, Block& block) const {
        const std::size_t first = block.fields.size();
        block.fields.resize(first + block.width);
        unsigned flags = text_flags(line);
        if (flags == 0) {
            const std::span fields = std::span(block.fields).subspan(first);
            if (!reader.read(line, fields, block.arena)) {
                flags = kNotAnObject;
                std::ranges::fill(fields, std::string_view());
            }
        }
        block.texts.push_back(line);
        block.flags.push_back(static_cast<unsigned char>(flags));
    }

    const JsonLayout m_layout;
    const JsonFields m_fields;
    const Encoding m_encoding;
    mutable std::mutex m_met_lock;
    mutable std::vector<char> m_met;  // of each name, whether a record split so far had it
    JsonCutter m_cutter;
    std::string m_head;
    BlockBuffer m_buffer;
    bool m_ended = false;
    std::uint64_t m_number = 0;
};

// The first records, one on each line.
std::string first_records(const JsonLayout& layout, const std::string& head) {
    if (layout.format == Format::kJsonLines) return head;
    JsonCutter cutter(layout.place);
    (void)cutter.feed(head);
    return cutter.take();
}

}  // namespace

Result<std::unique_ptr<RecordInput>> open_json(InputOptions options,
                                               std::unique_ptr<ByteStream> stream, std::string head,
                                               Encoding encoding, const AgainBytes& again) {
    const bool whole = head.size() < kHeadBytes;
    if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
    JsonLayout layout;
    if (options.format != Format::kJsonLines) {
        TRY_ASSIGN(layout, json_layout(head, whole, options, again));
    }
    const std::string first = first_records(layout, head);
    // Features in lines or in a plain list.
    const Result<json::value> record =
        parse_json(trim(std::string_view(first).substr(0, first.find('\n'))));
    if (record && is_feature(*record)) layout.geo = Geo::kFeatures;
    if (options.columns.empty() && first.empty()) options.columns = layout.names;
    JsonFields fields(options, layout.geo, first);
    if (fields.names().empty()) {
        return fail(Code::kInvalid,
                    {"JSON không có đối tượng nào đọc được ở đầu tệp.",
                     "There is no object that can be read at the beginning of the JSON."},
                    {"Gửi một danh sách đối tượng: [{\"ma\": 1}, …].",
                     "Send a list of objects: [{\"id\": 1}, …]."});
    }
    return std::make_unique<JsonInput>(std::move(layout), std::move(fields), std::move(stream),
                                       std::move(head), encoding);
}

}  // namespace nguon::scan
