#include "store/merge.h"

#include <gtest/gtest.h>

#include "store/bases.h"
#include "store/internal/testing.h"

namespace nguon::store {
namespace {

using testing::Keyed;
using testing::must;
using testing::World;

struct Answer {
    std::vector<std::string> names, types;
    std::map<Seq, std::string> rows;  // by _seq: the rest of the row as JSON
};

// `view` must have _seq first.
Answer ask(const std::string& view) {
    sql::DuckOptions options;
    options.threads = 2;
    auto duck = must(sql::Duck::open(options));
    sql::DuckResult result = must(duck->query("SELECT * FROM (" + view + ")"));
    Answer answer;
    for (std::size_t c = 0; c < result.column_count(); ++c) {
        answer.names.push_back(result.name(c));
        answer.types.push_back(result.type(c));
    }
    while (const std::size_t count = must(result.next())) {
        for (std::size_t r = 0; r < count; ++r) {
            json::object object;
            for (std::size_t c = 1; c < result.column_count(); ++c) {
                object[result.name(c)] = result.json(c, r);
            }
            const bool fresh = answer.rows.emplace(result.integer(0, r), to_text(object)).second;
            EXPECT_TRUE(fresh) << "sequence number twice: " << result.integer(0, r);
        }
    }
    return answer;
}

std::map<Seq, std::string> expected_rows(const World& world, Seq upto) {
    std::map<Seq, std::string> rows;
    for (const auto& [key, change] : world.rows_at(upto)) {
        rows[change.seq] = world.row_text(change.row);
    }
    return rows;
}

void expect_current(const World& world, Seq upto) {
    const HistoryView view = current_view(world.info, world.infos, upto, WithSeq::kYes);
    EXPECT_EQ(ask(view.sql).rows, expected_rows(world, upto)) << "at " << upto;
}

void expect_history(const World& world, Seq upto) {
    std::map<Seq, std::string> expected;
    for (const testing::Change& change : world.changes) {
        if (change.seq > upto) break;
        std::string text = fmt::format("{{\"_op\":{},", static_cast<int>(change.op));
        expected[change.seq] = text + world.row_text(change.row).substr(1);
    }
    EXPECT_EQ(ask(history_view(world.info, world.infos, upto).sql).rows, expected) << "at " << upto;
}

// Goal: history and current rows are those of a plain map, at any sequence number, whatever the
// order of inserts, updates, deletes and new versions. Method: random batches against the map.
TEST(Merge, AgreesWithAMapOverRandomHistories) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(seed);
        World world(seed, Keyed::kYes);
        for (int batch = 0; batch < 8; ++batch) {
            if (batch == 3) world.add_column("extra", contract::LogicalType::kString);
            if (batch == 6) world.add_column("weight", contract::LogicalType::kInteger);
            const double share = world.chance(0.4) ? 0 : 0.6;
            world.add_batch(world.pick(40), share);
            const auto head = static_cast<Seq>(world.changes.size());
            expect_current(world, head);
            expect_current(world, static_cast<Seq>(world.pick(static_cast<std::size_t>(head) + 1)));
        }
        expect_history(world, static_cast<Seq>(world.changes.size()));
        expect_history(world, static_cast<Seq>(world.changes.size()) / 2);
    }
}

// Goal: a base and what came after it are the same rows as the whole history. Method: bases at
// random places of random histories, of which the one that is taken is any at or before `upto`.
TEST(Merge, ABaseChangesNothing) {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        World world(seed, seed % 4 == 0 ? Keyed::kNo : Keyed::kYes);
        testing::TemporaryFolder folder;
        Bases bases(real_disk(), folder.path() / "base");
        int taken = 0;
        for (int batch = 0; batch < 10; ++batch) {
            if (batch == 6) world.add_column("extra", contract::LogicalType::kString);
            world.add_batch(1 + world.pick(40), world.chance(0.3) ? 0 : 0.6);
            if (world.chance(0.5))
                must(bases.make(world.info, world.infos, 2, folder.path() / "scratch.parquet"));
            const auto head = static_cast<Seq>(world.changes.size());
            for (const Seq upto :
                 {head, static_cast<Seq>(1 + world.pick(static_cast<std::size_t>(head)))}) {
                std::vector<SegmentInfo> files = world.infos;
                std::erase_if(files, [&](const SegmentInfo& one) { return one.first > upto; });
                const auto base = bases.nearest(world.info, files, upto);
                if (!base) continue;
                ++taken;
                EXPECT_LE(base->seq, upto);
                const HistoryView view =
                    current_view(world.info, behind(*base, files), upto, WithSeq::kYes);
                EXPECT_EQ(ask(view.sql).rows, expected_rows(world, upto)) << "at " << upto;
            }
        }
        EXPECT_GT(taken, 2);
    }
}

// Goal: a base of another history or other columns is never taken.
TEST(Bases, AreOfOneHistoryAndItsColumns) {
    World world(3, Keyed::kYes);
    testing::TemporaryFolder folder;
    Bases bases(real_disk(), folder.path() / "base");
    world.add_batch(20, 0);
    world.add_batch(20, 0.5);
    const auto made = must(bases.make(world.info, world.infos, 2, folder.path() / "s.parquet"));
    EXPECT_TRUE(bases.nearest(world.info, world.infos, made.seq));
    EXPECT_FALSE(bases.nearest(world.info, world.infos, made.seq - 1));
    Bases again(real_disk(), folder.path() / "base");  // after a restart
    EXPECT_EQ(again.nearest(world.info, world.infos, made.seq)->path, made.path);
    std::vector<SegmentInfo> other = world.infos;
    other[0].sha256 = std::string(64, 'f');  // erased from
    EXPECT_FALSE(again.nearest(world.info, other, made.seq));
    world.add_column("extra", contract::LogicalType::kString);
    EXPECT_FALSE(again.nearest(world.info, world.infos, made.seq));
    std::filesystem::remove(made.path);
    EXPECT_FALSE(Bases(real_disk(), folder.path() / "base").nearest(world.info, other, made.seq));
}

// Goal: no more than `kept` stand, the newest.
TEST(Bases, OldOnesGo) {
    World world(5, Keyed::kYes);
    testing::TemporaryFolder folder;
    Bases bases(real_disk(), folder.path() / "base");
    for (int i = 0; i < 5; ++i) {
        world.add_batch(10, 0.3);
        must(bases.make(world.info, world.infos, 2, folder.path() / "s.parquet"));
    }
    EXPECT_EQ(real_disk().list(folder.path() / "base")->size(), 2U);
    EXPECT_EQ(bases.nearest(world.info, world.infos, 1000)->seq, world.infos.back().last);
}

TEST(Merge, WithoutAKeyEveryRowStays) {
    World world(7, Keyed::kNo);
    for (int batch = 0; batch < 4; ++batch)
        world.add_batch(30, 0);
    world.add_column("extra", contract::LogicalType::kDate);
    world.add_batch(30, 0);
    expect_current(world, 150);
    expect_current(world, 77);
    expect_history(world, 150);
}

// Goal: names and types are the contract's, also with no segment and when no file has the newest
// column.
TEST(Merge, ColumnsAreTheContractsInOrderAndType) {
    World world(3, Keyed::kYes);
    const std::vector<std::string> types = {"BIGINT",  "VARCHAR", "BIGINT",
                                            "VARCHAR", "DOUBLE",  "DECIMAL(12,2)",
                                            "BOOLEAN", "DATE",    "TIMESTAMP WITH TIME ZONE",
                                            "TIME"};
    const Answer empty = ask(current_view(world.info, {}, 0, WithSeq::kYes).sql);
    EXPECT_EQ(empty.types, types);
    EXPECT_TRUE(empty.rows.empty());

    world.add_batch(20, 0);
    world.add_column("extra", contract::LogicalType::kInteger);
    const auto head = static_cast<Seq>(world.changes.size());
    const Answer wider = ask(current_view(world.info, world.infos, head, WithSeq::kYes).sql);
    EXPECT_EQ(wider.types.size(), types.size() + 1);
    EXPECT_EQ(wider.names.back(), "extra");
    EXPECT_EQ(wider.types.back(), "BIGINT");
    EXPECT_EQ(wider.rows.size(), 20U);
    EXPECT_EQ(ask(history_view(world.info, world.infos, head).sql).names[1], "_op");
}

// Goal: the common case costs what a bare read costs. Method: the SQL has no join.
TEST(Merge, OnlyInsertsIsAPlainRead) {
    World world(3, Keyed::kYes);
    world.add_batch(20, 0);
    world.add_batch(20, 0);
    const HistoryView view = current_view(world.info, world.infos, 40, WithSeq::kNo);
    EXPECT_EQ(view.sql.find("JOIN"), std::string::npos);
    EXPECT_EQ(view.files.size(), 2U);
    world.add_batch(20, 1);
    const HistoryView merged = current_view(world.info, world.infos, 60, WithSeq::kNo);
    EXPECT_NE(merged.sql.find("JOIN"), std::string::npos);
}

// Goal: batches of the same bytes are one file that stands in the history twice.
TEST(Merge, TheSameSegmentTwiceGivesItsRowsTwice) {
    World world(5, Keyed::kNo);
    world.add_batch(10, 0);
    SegmentInfo again = world.infos[0];
    again.first = 11;
    again.last = 20;
    const std::vector<SegmentInfo> segments = {world.infos[0], again};
    const HistoryView view = history_view(world.info, segments, 20);
    EXPECT_EQ(view.files.size(), 1U);
    const Answer answer = ask(view.sql);
    ASSERT_EQ(answer.rows.size(), 20U);
    EXPECT_EQ(answer.rows.at(1), answer.rows.at(11));
    EXPECT_EQ(answer.rows.at(10), answer.rows.at(20));
}

// Goal: a folder's name is a name, not a pattern or a partition.
TEST(Merge, FoldersMayHavePatternCharactersAndEqualsSigns) {
    World world(5, Keyed::kNo);
    world.add_batch(10, 0);
    const std::filesystem::path odd = world.folder.path() / "region=[x] it's *?";
    std::filesystem::create_directories(odd);
    SegmentInfo moved = world.infos[0];
    moved.path = odd / "s.parquet";
    std::filesystem::rename(world.infos[0].path, moved.path);
    EXPECT_EQ(ask(history_view(world.info, {moved}, 10).sql).rows.size(), 10U);
}

}  // namespace
}  // namespace nguon::store
