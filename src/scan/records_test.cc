#include "scan/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <fstream>

#include <fmt/format.h>

#include <fstream>

#include "base/simulated_disk.h"
#include "crypto/sha256.h"
#include "scan/key_table.h"
#include "scan/table.h"

namespace nguon::scan {
namespace {

std::string gzip(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

Result<std::int64_t> count(std::string bytes, std::string* hash = nullptr) {
    InputOptions options;
    options.bytes = std::move(bytes);
    TRY_ASSIGN(const auto input, RecordInput::open(options));
    std::int64_t records = 0;
    for (;;) {
        Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        records += static_cast<std::int64_t>(block.size());
    }
    if (hash != nullptr) *hash = input->sha256();
    return records;
}

TEST(Records, CompressedBytesReadTheSame) {
    std::string text = "id,name\n";
    for (int i = 0; i < 100'000; ++i)
        text += fmt::format("{},Nguyễn Văn {}\n", i, i);
    std::string hash;
    EXPECT_EQ(*count(text, &hash), 100'000);
    EXPECT_EQ(hash, crypto::sha256_hex(text));
    EXPECT_EQ(*count(gzip(text), &hash), 100'000);
    EXPECT_EQ(hash, crypto::sha256_hex(gzip(text))) << "the hash is of the bytes as sent";
    EXPECT_EQ(*count(gzip(text.substr(0, 500'000)) + gzip(text.substr(500'000))), 100'000)
        << "members follow each other";
    EXPECT_EQ(*count(zstd(text)), 100'000);
}

TEST(Records, CutOrDamagedCompressionIsAnError) {
    std::string text = "id,name\n";
    for (int i = 0; i < 100'000; ++i)
        text += fmt::format("{},n{}\n", i, i * 7919);
    std::string cut = gzip(text);
    cut.resize(cut.size() / 2);
    EXPECT_EQ(count(cut).error().code, Code::kInvalid);
    std::string flipped = zstd(text);
    flipped[flipped.size() / 2] ^= 0x10;
    const auto result = count(flipped);
    EXPECT_TRUE(!result || *result != 100'000);
    std::string short_zstd = zstd(text);
    short_zstd.resize(short_zstd.size() - 10);
    EXPECT_FALSE(count(short_zstd));
}

// Goal: a file comes through the Disk that was given. Method: one that is on a simulated disk only.
TEST(Records, AFileIsReadThroughItsDisk) {
    SimulatedDisk disk;
    disk.put("/in/plain.csv", "id,name\n1,Lan\n2,Minh\n");
    disk.put("/in/packed.csv.gz", gzip("id,name\n1,Lan\n2,Minh\n"));
    InputOptions options;
    options.disk = &disk;
    for (const char* name : {"/in/plain.csv", "/in/packed.csv.gz"}) {
        options.file = name;
        const auto input = RecordInput::open(options);
        ASSERT_TRUE(input.has_value()) << input.error().detail.en;
        Block block;
        ASSERT_TRUE(*(*input)->next(block));
        (*input)->split(block);
        EXPECT_EQ(block.size(), 2U) << name;
    }
    options.file = "/in/absent.csv";
    EXPECT_EQ(RecordInput::open(options).error().code, Code::kNotFound);
    options.file = "/in";
    EXPECT_EQ(RecordInput::open(options).error().code, Code::kInvalid);
}

TEST(Records, AnEmptyInputIsRefused) {
    EXPECT_EQ(count("").error().code, Code::kInvalid);
    EXPECT_EQ(count("\xEF\xBB\xBF").error().code, Code::kInvalid);
    EXPECT_EQ(count("\n\n").error().code, Code::kInvalid);
}

TEST(Records, FilesThatAreNoTextAreNamed) {
    for (const char* start : {"PK\x03\x04", "\xD0\xCF\x11\xE0", "%PDF-1.7", "\x89PNG",
                              "\x7F"
                              "ELF"}) {
        const auto refused = count(std::string(start) + "a;b\n1;2\n");
        ASSERT_FALSE(refused) << start;
        EXPECT_EQ(refused.error().code, Code::kInvalid);
        EXPECT_THAT(refused.error().detail.en,
                    testing::AnyOf(testing::HasSubstr("cannot be read as a table"),
                                   testing::HasSubstr("is damaged")));
        EXPECT_FALSE(refused.error().fix.en.empty());
    }
    const auto tar = count("a.csv" + std::string(252, '\0') + "ustar\n1;2\n");
    ASSERT_FALSE(tar);
    EXPECT_THAT(tar.error().detail.en, testing::HasSubstr("a tar archive"));
}

TEST(Records, JsonLinesConfineDamageToTheLine) {
    InputOptions options;
    options.bytes = "{\"a\":1,\"b\":\"x\"}\n{broken\n[1]\n{\"b\":null,\"a\":2.5}\n\n{\"a\":true}";
    options.columns = {"a", "b"};
    const auto input = RecordInput::open(options);
    ASSERT_TRUE(input);
    EXPECT_EQ((*input)->format(), Format::kJsonLines);
    Block block;
    ASSERT_TRUE(*(*input)->next(block));
    (*input)->split(block);
    ASSERT_EQ(block.size(), 5u);
    EXPECT_EQ(block.fields[0], "1");
    EXPECT_EQ(block.fields[1], "x");
    EXPECT_EQ(block.flags[1], kNotAnObject);
    EXPECT_EQ(block.flags[2], kNotAnObject);
    EXPECT_EQ(block.fields[3 * 2], "2.5");
    EXPECT_EQ(block.fields[3 * 2 + 1], "");
    EXPECT_EQ(block.fields[4 * 2], "true");
}

TEST(Records, ParquetComesBackAsText) {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / fmt::format("records-{}.parquet", ::getpid());
    const auto duck = sql::Duck::open({});
    ASSERT_TRUE((*duck)->execute(fmt::format(
        "COPY (SELECT 7 AS id, 'a \"b\", c' AS name, DATE '2026-11-22' AS day, TIMESTAMPTZ "
        "'2026-11-22 14:05:00+07' AS at, NULL::VARCHAR AS none) TO {} (FORMAT parquet)",
        sql::quote_literal(file.string()))));
    InputOptions options;
    options.file = file;
    const auto input = RecordInput::open(options);
    ASSERT_TRUE(input) << input.error().detail.en;
    Block block;
    ASSERT_TRUE(*(*input)->next(block));
    ASSERT_EQ(block.size(), 1u);
    EXPECT_EQ(block.fields[0], "7");
    EXPECT_EQ(block.fields[1], "a \"b\", c");
    EXPECT_EQ(block.fields[2], "2026-11-22");
    EXPECT_EQ(block.fields[3], "2026-11-22T07:05:00.000000Z");
    EXPECT_EQ(block.fields[4], "");
    Block again;
    again.bytes = std::string(block.texts[0]);
    (*input)->split(again);
    ASSERT_EQ(again.size(), 1u);
    EXPECT_EQ(again.fields[1], "a \"b\", c") << "a record's own text can be read again";
    std::filesystem::remove(file);
}

// Goal: damage inside somebody's Parquet is that file's fault, never the node's. Method: one byte
// after another of a small file is turned over.
TEST(Records, DamagedParquetIsInvalid) {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / fmt::format("damaged-{}.parquet", ::getpid());
    const auto duck = sql::Duck::open({});
    ASSERT_TRUE((*duck)->execute(
        fmt::format("COPY (SELECT i AS id, 'name ' || i AS name FROM range(200) t(i)) TO {} "
                    "(FORMAT parquet, COMPRESSION snappy)",
                    sql::quote_literal(file.string()))));
    const Result<std::string> whole = real_disk().read_all(file);
    ASSERT_TRUE(whole);
    std::size_t refused = 0;
    for (std::size_t at = 4; at < whole->size(); at += 37) {
        std::string bytes = *whole;
        bytes[at] = static_cast<char>(~bytes[at]);
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        InputOptions options;
        options.file = file;
        const auto input = RecordInput::open(options);
        Result<bool> more = input ? Result<bool>(true) : std::unexpected(input.error());
        while (more && *more) {
            Block block;
            more = (*input)->next(block);
        }
        if (more) continue;  // the byte was not one that matters, or changed a value
        ++refused;
        EXPECT_EQ(more.error().code, Code::kInvalid) << at << more.error().detail.en;
    }
    EXPECT_GT(refused, 10u);
    std::filesystem::remove(file);
}

TEST(KeyTable, SaysWhichCameBefore) {
    KeyTable table;
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t i = 0; i < 300'000; ++i)
        hashes.push_back(i % 100'000 * 0x9E3779B97F4A7C15u);
    std::vector<bool> seen;
    table.claim(hashes, seen);
    for (std::size_t i = 0; i < hashes.size(); ++i)
        ASSERT_EQ(seen[i], i >= 100'000) << i;
}

// Goal: of equal keys the first in the file is the one that is not marked, on any number of
// threads, also when they are written differently.
TEST(Table, FirstOfEqualKeysStays) {
    std::string text = "id,v\n";
    for (int i = 0; i < 200'000; ++i)
        text += fmt::format("{}{},{}\n", i >= 100'000 ? "00" : "", i % 100'000, i);
    InputOptions options;
    options.bytes = text;
    Plan plan;
    plan.columns = {{"id", {sql::Kind::kBigint}, {}, false, {}},
                    {"v", {sql::Kind::kBigint}, {}, false, {}}};
    plan.key = {0};
    auto table =
        std::make_shared<Table>(std::move(*RecordInput::open(options)), plan, system_random());
    const auto duck = sql::Duck::open(
        {.memory_limit = "512MB", .threads = 4, .temporary_folder = {}, .preserve_order = false});
    ASSERT_TRUE((*duck)->register_source("t", table));
    const auto wrong = (*duck)->query_integer(
        "SELECT count(*) FROM t() WHERE ((_flags & 16) <> 0) <> (v >= 100000) OR id <> v % 100000");
    ASSERT_TRUE(wrong) << wrong.error().detail.en;
    EXPECT_EQ(*wrong, 0);
    EXPECT_EQ(table->records(), 200'000);
}

TEST(Table, BadCellsAreNullAndMarked) {
    InputOptions options;
    options.bytes = "day,n,b\n2026-02-31,1.5,maybe\n2026-02-28,2,true\n";
    Plan plan;
    plan.columns = {{"day", {sql::Kind::kDate}, {}, false, {}},
                    {"n", {sql::Kind::kBigint}, {}, false, {}},
                    {"b", {sql::Kind::kBoolean}, {}, false, {}}};
    const auto duck = sql::Duck::open({});
    ASSERT_TRUE((*duck)->register_source(
        "t",
        std::make_shared<Table>(std::move(*RecordInput::open(options)), plan, system_random())));
    EXPECT_EQ(*(*duck)->query_integer("SELECT count(*) FROM t() WHERE _bad0 = 7 AND day IS NULL "
                                      "AND n IS NULL AND b IS NULL OR _bad0 = 0 AND n = 2 AND b"),
              2);
}

TEST(Table, HeaderMayBearBusinessNames) {
    PlannedColumn column{
        "ho_ten", {sql::Kind::kText}, {}, false, {"Họ và tên khai sinh", "Full name"}};
    const std::vector<PlannedColumn> columns{column};
    for (const char* name : {"ho_ten", "Họ tên", "Full name"})
        EXPECT_EQ(column_of(HeaderName(name), columns), 0) << name;
    EXPECT_EQ(column_of(HeaderName("Tên"), columns), -1);
}

// Goal: a field of the file is one column. Method: a title that is another column's name once its
// marks are gone, in both orders.
TEST(Table, AFieldIsOneColumn) {
    PlannedColumn id{"id", {sql::Kind::kText}, {}, false, {"Mã"}};
    PlannedColumn ma{"ma", {sql::Kind::kText}, {}, false, {"Mã cũ"}};
    const std::vector<std::string> one{"Mã"}, both{"Mã", "ma"};
    using Fields = std::vector<std::ptrdiff_t>;
    EXPECT_EQ(match_fields(one, std::vector{id, ma}), (Fields{0, -1}));
    EXPECT_EQ(match_fields(one, std::vector{ma, id}), (Fields{-1, 0}));
    EXPECT_EQ(match_fields(both, std::vector{ma, id}), (Fields{1, 0}));
}

}  // namespace
}  // namespace nguon::scan
