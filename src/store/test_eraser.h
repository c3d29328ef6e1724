// For tests of erasure over files that are opaque: the bytes of TestNode's batches.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "store/eraser.h"

namespace nguon::store::testing {

inline constexpr std::string_view kSecret = "of batch0001";  // in the bytes of the first segment

// Erases change 2, which is in the first segment, and the rows set aside of the second batch.
class FakeEraser final : public Eraser {
public:
    explicit FakeEraser(Disk& disk) : m_disk(disk) {}

    Result<Found> find(const DatasetInfo&, const std::vector<SegmentInfo>& segments,
                       const std::vector<std::string>&) override {
        Found found;
        for (const SegmentInfo& segment : segments) {
            TRY_ASSIGN(const std::string bytes, m_disk.read_all(segment.path));
            m_counts[segment.path] = segment.changes;
            if (bytes.find(kSecret) != std::string::npos) found.changes.insert(segment.first + 1);
        }
        found.words = {"Ngoại lệ"};
        return found;
    }
    Result<Counted> rewrite_segment(const std::filesystem::path& from, Seq,
                                    const std::set<Seq>& changes,
                                    const std::filesystem::path& to) override {
        TRY_ASSIGN(std::string bytes, m_disk.read_all(from));
        bytes.replace(bytes.find(kSecret), kSecret.size(), "erased");
        TRY(write(to, bytes));
        Counted counted;
        counted.changes = m_counts[from];
        counted.erased = static_cast<std::int64_t>(changes.size());
        counted.changes.inserted -= counted.erased;
        return counted;
    }
    Result<std::int64_t> rewrite_aside(const std::filesystem::path& from, const std::vector<Sign>&,
                                       const std::filesystem::path& to) override {
        TRY_ASSIGN(const std::string bytes, m_disk.read_all(from));
        if (bytes.find("quarantine") == std::string::npos) return 0;
        TRY(write(to, "one less"));
        return 1;
    }

private:
    Result<void> write(const std::filesystem::path& to, std::string_view bytes) {
        TRY_ASSIGN(const std::unique_ptr<File> file, m_disk.open(to, OpenMode::kCreate));
        return file->write_at(0, bytes);
    }
    Disk& m_disk;
    std::map<std::filesystem::path, ChangeCounts> m_counts;
};

}  // namespace nguon::store::testing
