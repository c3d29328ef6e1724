// Records that were set aside, as an input of their own: one record a line of the block.
#pragma once

#include <memory>

#include "intake/row_spool.h"
#include "scan/records.h"

namespace nguon::intake {

class SpoolInput final : public scan::RecordInput {
public:
    // The first `most` records of the spool, split as `like` splits its own.
    SpoolInput(RowSpool& spool, const scan::RecordInput& like,
               std::int64_t most = std::numeric_limits<std::int64_t>::max())
        : m_reader(spool), m_like(like), m_left(most) {}

    scan::Format format() const override { return m_like.format(); }
    const std::vector<std::string>& names() const override { return m_like.names(); }
    std::uint64_t consumed() const override { return 0; }
    std::uint64_t size() const override { return 0; }
    std::string sha256() override { return {}; }

    Result<bool> next(scan::Block& block) override {
        RowSpool::Entry entry;
        while (block.bytes.size() < (1 << 20) && m_left > 0) {
            TRY_ASSIGN(const bool more, m_reader.next(entry));
            if (!more) break;
            --m_left;
            block.bytes += entry.record;
            block.bytes += '\n';
        }
        if (block.bytes.empty()) return false;
        block.number = m_number++;
        return true;
    }
    void split(scan::Block& block) const override { m_like.split(block); }

private:
    RowSpool::Reader m_reader;
    const scan::RecordInput& m_like;
    std::int64_t m_left;
    std::uint64_t m_number = 0;
};

}  // namespace nguon::intake
