#include "intake/row_spool.h"

#include <gtest/gtest.h>

#include "base/simulated_disk.h"

namespace nguon::intake {
namespace {

constexpr int kRows = 3000;

std::string record_of(int row) {
    return std::string(static_cast<std::size_t>(row % 7) * 2000, 'x') + std::to_string(row);
}

// Goal: every row comes back, in order, whether it is in memory or in the file. Method: more than
// memory holds, over a disk that keeps nothing of its own; once without anything spilled.
TEST(RowSpool, KeepsRowsInOrder) {
    for (const int rows : {10, kRows}) {
        SimulatedDisk disk;
        ASSERT_TRUE(disk.make_folders("/tmp/x"));
        RowSpool spool(disk, "/tmp/x/rows", 2);
        for (int i = 0; i < rows; ++i)
            ASSERT_TRUE(spool.add(i, {i + 1, -i}, record_of(i)));
        EXPECT_EQ(disk.exists("/tmp/x/rows"), rows == kRows);
        RowSpool::Reader reader(spool);
        RowSpool::Entry entry;
        for (int i = 0; i < rows; ++i) {
            ASSERT_TRUE(*reader.next(entry));
            EXPECT_EQ(entry.row, i);
            EXPECT_EQ(entry.masks, (Masks{i + 1, -i}));
            ASSERT_EQ(entry.record, record_of(i));
        }
        EXPECT_FALSE(*reader.next(entry));
    }
}

// Goal: a full disk is an error of the load, not lost rows. Method: the first write fails.
TEST(RowSpool, AFullDiskIsUnavailable) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/tmp/x"));
    RowSpool spool(disk, "/tmp/x/rows", 0);
    disk.fail_at(2);  // 1: the file is made
    Result<void> added;
    for (int i = 0; i < kRows && added; ++i)
        added = spool.add(i, {}, record_of(i));
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Code::kUnavailable);
    EXPECT_FALSE(added.error().fix.empty());
}

// Goal: rows are never lost in silence. Method: the file is cut behind the spool's back.
TEST(RowSpool, ACutFileIsCorrupt) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/tmp/x"));
    RowSpool spool(disk, "/tmp/x/rows", 0);
    for (int i = 0; i < kRows; ++i)
        ASSERT_TRUE(spool.add(i, {}, record_of(i)));
    ASSERT_TRUE((*disk.open("/tmp/x/rows", OpenMode::kReadWrite))->truncate(100));
    RowSpool::Reader reader(spool);
    RowSpool::Entry entry;
    Result<bool> more = true;
    while (more && *more)
        more = reader.next(entry);
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace nguon::intake
