// CSV as blocks: next() finds whole records, split() takes them apart in parallel.
#include "scan/internal/formats.h"

namespace nguon::scan {
namespace {

class CsvInput final : public RecordInput {
public:
    CsvInput(std::unique_ptr<ByteStream> stream, std::string head, Dialect dialect,
             std::size_t skip)
        : m_dialect(std::move(dialect)),
          m_splitter(m_dialect, m_dialect.header.size()),
          m_buffer(std::move(stream), head.substr(skip)) {}

    Format format() const override { return Format::kCsv; }
    const Dialect* dialect() const override { return &m_dialect; }
    Compression compression() const override { return m_buffer.stream().compression(); }
    const std::vector<std::string>& names() const override { return m_dialect.header; }
    std::uint64_t consumed() const override { return m_buffer.stream().consumed(); }
    std::uint64_t size() const override { return m_buffer.stream().size(); }
    std::string sha256() override { return m_buffer.stream().sha256(); }

    Result<bool> next(Block& block) override {
        if (m_buffer.ended()) return false;
        TRY_ASSIGN(std::size_t size, m_buffer.fill(block.bytes));
        for (;;) {
            const char* begin = block.bytes.data();
            const char* end = m_splitter.last_record_end(begin, begin + size, m_buffer.ended());
            if (end > begin || m_buffer.ended()) {
                m_buffer.carry(block.bytes, static_cast<std::size_t>(end - begin));
                break;
            }
            // One record is longer than a block: take more.
            m_buffer.carry(block.bytes, 0);
            TRY_ASSIGN(size, m_buffer.fill(block.bytes));
        }
        block.number = m_number++;
        block.last = m_buffer.ended();
        return true;
    }

    void split(Block& block) const override {
        block.width = m_dialect.header.size();
        // One look at the whole block: nearly always there is nothing wrong in it.
        const bool clean = text_flags(block.bytes) == 0;
        const char* at = block.bytes.data();
        const char* end = at + block.bytes.size();
        while (at < end) {
            if (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n')) {
                at += *at == '\n' ? 1 : 2;  // an empty line is no record
                continue;
            }
            const std::size_t fields = block.fields.size();
            const auto record = m_splitter.split(at, end, true, block.fields, block.arena);
            unsigned flags = record.flags;
            if (!clean) flags |= text_flags(record.text);
            if ((flags & kDamaged) != 0) {
                block.fields.resize(fields);
                block.fields.resize(fields + block.width);
            }
            block.texts.push_back(record.text);
            block.flags.push_back(static_cast<unsigned char>(flags));
            at = record.next;
        }
    }

private:
    Dialect m_dialect;
    RecordSplitter m_splitter;
    BlockBuffer m_buffer;
    std::uint64_t m_number = 0;
};

}  // namespace

Result<std::unique_ptr<RecordInput>> open_csv(std::unique_ptr<ByteStream> stream,
                                              std::string head) {
    TRY_ASSIGN(Dialect dialect, detect_dialect(head));
    // The header record is not data: it is skipped here, blocks begin after it.
    const RecordSplitter splitter(dialect, dialect.header.size());
    const std::size_t mark = dialect.byte_order_mark ? 3 : 0;
    const char* begin = head.data() + mark;
    const char* end = head.data() + head.size();
    while (begin < end && (*begin == '\n' || *begin == '\r'))
        ++begin;
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    const auto header = splitter.split(begin, end, true, fields, arena);
    const auto skip = static_cast<std::size_t>(header.next - head.data());
    return std::make_unique<CsvInput>(std::move(stream), std::move(head), std::move(dialect), skip);
}

}  // namespace nguon::scan
