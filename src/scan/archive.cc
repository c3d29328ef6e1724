// Zip archives: a workbook, or a file with a table inside.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/normal_form.h"
#include "base/spoken.h"
#include "scan/internal/formats.h"
#include "scan/internal/workbook.h"
#include "scan/table.h"

namespace nguon::scan {
namespace {

constexpr std::uint64_t kLargestSpool = std::uint64_t{16} << 30;
constexpr std::size_t kMostTried = 20;  // files of a zip that are opened to find the one wanted

// An input that came inside another: what was sent is the outer one.
class InnerInput final : public RecordInput {
public:
    InnerInput(std::unique_ptr<RecordInput> inner, std::function<std::string()> sha256,
               Compression compression)
        : m_inner(std::move(inner)), m_sha256(std::move(sha256)), m_compression(compression) {}
    ~InnerInput() override { m_inner.reset(); }  // before the file it reads is removed

    void set_entries(std::vector<Part> entries) { m_entries = std::move(entries); }

    Format format() const override { return m_inner->format(); }
    const Dialect* dialect() const override { return m_inner->dialect(); }
    Contents contents() const override {
        Contents contents = m_inner->contents();
        if (!m_entries.empty()) contents.entries = m_entries;
        return contents;
    }
    Encoding encoding() const override { return m_inner->encoding(); }
    Compression compression() const override { return m_compression; }
    const std::vector<std::string>& names() const override { return m_inner->names(); }
    Result<bool> next(Block& block) override { return m_inner->next(block); }
    void split(Block& block) const override { m_inner->split(block); }
    std::vector<std::string> best_reading(std::string_view record) const override {
        return m_inner->best_reading(record);
    }
    std::optional<Text> why_damaged(std::string_view record) const override {
        return m_inner->why_damaged(record);
    }
    std::uint64_t consumed() const override { return m_inner->consumed(); }
    std::uint64_t size() const override { return m_inner->size(); }
    std::string sha256() override { return m_sha256 ? m_sha256() : m_inner->sha256(); }

private:
    std::unique_ptr<RecordInput> m_inner;
    std::function<std::string()> m_sha256;  // empty: the inner one has it
    Compression m_compression;
    std::vector<Part> m_entries;
};

std::string_view base_name(std::string_view name) {
    return name.substr(name.rfind('/') + 1);
}

// What packing programs add.
bool is_beside(const ZipEntry& entry) {
    const std::string_view name = base_name(entry.name);
    const std::string lower = to_lower_ascii(name);
    return name.empty() || name.starts_with('.') || name.starts_with("~$") ||
           entry.name.starts_with("__MACOSX/") || lower == "thumbs.db" || lower == "desktop.ini";
}

bool is_named_like_table(const ZipEntry& entry) {
    std::string name = to_lower_ascii(base_name(entry.name));
    for (const std::string_view packed : {".gz", ".zst"}) {
        if (name.ends_with(packed)) name.erase(name.size() - packed.size());
    }
    if (name.starts_with("readme") || name.starts_with("licen")) return false;
    return std::ranges::any_of(
        std::array{".csv", ".tsv", ".txt", ".tab", ".psv", ".json", ".jsonl", ".ndjson", ".geojson",
                   ".xlsx", ".xlsm", ".xls", ".ods", ".parquet"},
        [&](std::string_view end) { return name.ends_with(end); });
}

// Office files are zips: what the one is, by its parts.
enum class Kind { kPlain, kXlsx, kOds, kOther };
struct What {
    Kind kind = Kind::kPlain;
    Text name, fix;
};
Result<What> what_is(const ZipArchive& archive) {
    const Text save_as{"Mở bằng Excel hoặc LibreOffice, lưu thành .xlsx hoặc CSV UTF-8.",
                       "Open it in Excel or LibreOffice and save it as .xlsx or CSV UTF-8."};
    const Text copy_out{"Chép bảng sang Excel, lưu thành .xlsx hoặc CSV UTF-8.",
                        "Copy the table into Excel and save it as .xlsx or CSV UTF-8."};
    const auto has = [&](std::string_view name) { return archive.find(name) != nullptr; };
    if (has("xl/workbook.bin"))
        return What{Kind::kOther,
                    {"bảng tính Excel nhị phân (.xlsb)", "a binary workbook (.xlsb)"},
                    save_as};
    if (has("xl/workbook.xml")) return What{Kind::kXlsx, {}, {}};
    if (has("word/document.xml"))
        return What{Kind::kOther, {"văn bản Word (.docx)", "a Word document (.docx)"}, copy_out};
    if (has("ppt/presentation.xml"))
        return What{Kind::kOther, {"bản trình chiếu (.pptx)", "a presentation (.pptx)"}, copy_out};
    if (has("Index/Document.iwa") || has("Index.zip"))
        return What{Kind::kOther,
                    {"bảng tính Numbers của Apple", "an Apple Numbers document"},
                    {"Trong Numbers chọn Xuất, kiểu Excel hoặc CSV.",
                     "In Numbers choose Export, as Excel or CSV."}};
    if (const ZipEntry* type = archive.find("mimetype"); type != nullptr && type->size < 200) {
        TRY_ASSIGN(const std::string mime, archive.read(*type, 200));
        if (mime.starts_with("application/vnd.oasis.opendocument.spreadsheet"))
            return What{Kind::kOds, {}, {}};
        if (mime.starts_with("application/vnd.oasis.opendocument"))
            return What{Kind::kOther, {"văn bản OpenDocument", "an OpenDocument file"}, copy_out};
        if (mime.starts_with("application/epub"))
            return What{Kind::kOther, {"sách điện tử", "an electronic book"}, copy_out};
    }
    if (has("[Content_Types].xml") && has("_rels/.rels")) return What{Kind::kXlsx, {}, {}};
    for (const ZipEntry& entry : archive.entries()) {
        const std::string name = to_lower_ascii(entry.name);
        const Text to_geojson{"Chuyển sang GeoJSON hoặc CSV có cột WKT, ví dụ bằng QGIS.",
                              "Turn it into GeoJSON or CSV with a WKT column, with QGIS for "
                              "example."};
        if (name.ends_with(".shp"))
            return What{Kind::kOther, {"shapefile nén", "a zipped shapefile"}, to_geojson};
        if (name.ends_with(".kml"))
            return What{Kind::kOther, {"bản đồ KML nén (.kmz)", "a map (.kmz)"}, to_geojson};
    }
    return What();
}

// Whether a zip whose directory is lost was a workbook: by its name, or by the first parts.
bool is_cut_workbook(const RandomBytes& bytes, const std::string& name) {
    const std::string lower = to_lower_ascii(name);
    if (lower.ends_with(".xlsx") || lower.ends_with(".xlsm") || lower.ends_with(".ods"))
        return true;
    std::string head(1 << 16, '\0');
    const Result<std::size_t> got = bytes.read_at(0, head);
    head.resize(got.value_or(0));
    return head.find("xl/") != std::string::npos ||
           head.find("vnd.oasis.opendocument.spreadsheet") != std::string::npos;
}

std::unexpected<Error> damaged_workbook() {
    return fail(Code::kInvalid,
                {"Tệp bảng tính (Excel, LibreOffice) bị hỏng hoặc bị cắt mất phần cuối.",
                 "The workbook (Excel, LibreOffice) is damaged, or its end was cut off."},
                {"Mở tệp gốc, lưu lại rồi gửi; nếu tệp được chép hay tải về, chép lại từ đầu.",
                 "Open the original, save it again and send that; if it was copied or downloaded, "
                 "copy it anew."});
}

std::vector<const ZipEntry*> tables_in(const ZipArchive& archive) {
    std::vector<const ZipEntry*> named, others;
    for (const ZipEntry& entry : archive.entries()) {
        if (is_beside(entry)) continue;
        (is_named_like_table(entry) ? named : others).push_back(&entry);
    }
    return named.empty() ? others : named;
}

std::string list_of(const std::vector<const ZipEntry*>& entries) {
    std::vector<std::string> names;
    for (const ZipEntry* entry : entries) {
        if (names.size() == 30) {
            names.emplace_back("…");
            break;
        }
        names.push_back(entry->name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

class Archive {
public:
    Archive(InputOptions options, ZipArchive archive, const Source& source)
        : m_options(std::move(options)),
          m_archive(std::move(archive)),
          m_name(source.name),
          m_nesting(source.nesting) {}

    Result<std::unique_ptr<RecordInput>> open() {
        const std::vector<const ZipEntry*> tables = tables_in(m_archive);
        if (tables.empty()) {
            return wrong_parameter("file",
                                   {fmt::format("Tệp zip {} không chứa tệp nào.", m_name),
                                    fmt::format("The zip {} holds no file.", m_name)},
                                   {"Gửi tệp zip có một tệp dữ liệu bên trong.",
                                    "Send a zip with a file of data inside."});
        }
        if (!m_options.entry.empty()) {
            TRY_ASSIGN(const ZipEntry* named, named_entry(tables));
            return open_entry(*named, tables, m_options);
        }
        if (tables.size() == 1) return open_entry(*tables[0], tables, m_options);
        const ZipEntry* best = nullptr;
        std::size_t most = 0;
        bool two = false;
        for (std::size_t i = 0; i < std::min(tables.size(), kMostTried); ++i) {
            if (m_options.columns.empty()) break;
            const std::size_t matched = matches_of(*tables[i], tables);
            two = matched > 0 && (matched == most || (two && matched < most));
            if (matched <= most) continue;
            most = matched;
            best = tables[i];
            two = false;
        }
        if (best != nullptr && !two) return open_entry(*best, tables, m_options);
        return wrong_parameter(
            "entry",
            {fmt::format("Tệp zip có nhiều tệp: {}.", list_of(tables)),
             fmt::format("The zip holds several files: {}.", list_of(tables))},
            {fmt::format("Nói rõ tệp nào bằng {}.", spoken::parameter("entry", "TÊN")),
             fmt::format("Say which with {}.", spoken::parameter("entry", "NAME"))});
    }

private:
    // How many of the wanted columns an entry has; 0 for one that cannot be read.
    std::size_t matches_of(const ZipEntry& entry, const std::vector<const ZipEntry*>& tables) {
        auto tried = open_entry(entry, tables, m_options);
        if (tried && is_json((*tried)->format())) {  // asked without columns it names its own
            InputOptions any = m_options;
            any.columns.clear();
            tried = open_entry(entry, tables, any);
        }
        return tried ? count_columns((*tried)->names(), m_options) : 0;
    }

    Result<const ZipEntry*> named_entry(const std::vector<const ZipEntry*>& tables) const {
        std::string nfc;
        const std::string wanted(to_nfc(m_options.entry, nfc));
        for (const ZipEntry& entry : m_archive.entries()) {
            if (to_nfc(entry.name, nfc) == wanted) return &entry;
        }
        for (const ZipEntry& entry : m_archive.entries()) {
            if (to_nfc(base_name(entry.name), nfc) == wanted) return &entry;
        }
        const bool number =
            wanted.size() <= 4 && wanted.find_first_not_of("0123456789") == std::string::npos;
        const std::size_t place = number ? std::stoul(wanted) : 0;
        if (place >= 1 && place <= tables.size()) return tables[place - 1];
        const std::string said = spoken::parameter("entry");
        return wrong_parameter(
            "entry",
            {fmt::format("Trong zip không có «{}». Có: {}.", m_options.entry, list_of(tables)),
             fmt::format("There is no \"{}\" in the zip. It has: {}.", m_options.entry,
                         list_of(tables))},
            {fmt::format("Dùng {} với một tên trong đó.", said),
             fmt::format("Use {} with one of these.", said)});
    }

    Result<std::unique_ptr<RecordInput>> open_entry(const ZipEntry& entry,
                                                    const std::vector<const ZipEntry*>& tables,
                                                    InputOptions inner) {
        inner.bytes.clear();
        inner.file.clear();
        inner.entry.clear();
        Source source;
        source.open = [archive = m_archive, entry] { return archive.stream(entry); };
        source.name = entry.name;
        source.nesting = m_nesting + 1;
        TRY_ASSIGN(auto input, open_bytes(std::move(inner), source));
        const auto bytes = m_archive.bytes();
        auto outer = std::make_unique<InnerInput>(
            std::move(input), [bytes] { return bytes->sha256().value_or(""); }, Compression::kZip);
        std::vector<Part> parts;
        for (const ZipEntry* table : tables) {
            Part& part = parts.emplace_back();
            part.name = table->name;
            part.bytes = static_cast<std::int64_t>(table->size);
            part.chosen = table->name == entry.name;
        }
        outer->set_entries(std::move(parts));
        return outer;
    }

    const InputOptions m_options;
    const ZipArchive m_archive;
    const std::string m_name;
    const int m_nesting;
};

}  // namespace

Result<std::unique_ptr<RecordInput>> open_archive(InputOptions options, const Source& source) {
    TRY_ASSIGN(auto bytes, RandomBytes::open(options));
    Result<ZipArchive> opened = ZipArchive::open(bytes);
    if (!opened && opened.error().code == Code::kInvalid && is_cut_workbook(*bytes, source.name))
        return damaged_workbook();
    TRY_ASSIGN(ZipArchive archive, std::move(opened));
    TRY_ASSIGN(const What what, what_is(archive));
    switch (what.kind) {
        case Kind::kOther: return not_a_table(source.name, what.name, what.fix);
        case Kind::kXlsx: {
            TRY_ASSIGN(auto workbook, open_xlsx(std::move(archive), options));
            return open_sheet(options, std::move(bytes), std::move(workbook));
        }
        case Kind::kOds: {
            TRY_ASSIGN(auto workbook, open_ods(std::move(archive)));
            return open_sheet(options, std::move(bytes), std::move(workbook));
        }
        case Kind::kPlain: break;
    }
    return Archive(std::move(options), std::move(archive), source).open();
}

Result<std::unique_ptr<RecordInput>> open_spooled(InputOptions options,
                                                  std::unique_ptr<ByteStream> stream,
                                                  const std::string& head, const Source& source) {
    static std::atomic<unsigned> count = 0;  // several are read at the same time
    std::error_code ignored;
    const std::filesystem::path folder = options.temporary_folder.empty()
                                             ? std::filesystem::temp_directory_path(ignored)
                                             : options.temporary_folder;
    const std::filesystem::path spool = folder / fmt::format("inner-{}-{}", ::getpid(), ++count);
    Disk* disk = options.disk;
    const std::shared_ptr<void> remover(nullptr,
                                        [disk, spool](void*) { (void)disk->remove(spool); });
    {
        TRY_ASSIGN(const auto file, disk->open(spool, OpenMode::kCreate));
        TRY(file->truncate(0));
        TRY(file->write_at(0, head));
        std::uint64_t size = head.size();
        std::string chunk(1 << 20, '\0');
        for (;;) {
            TRY_ASSIGN(const std::size_t got, stream->read(chunk));
            TRY(file->write_at(size, std::string_view(chunk).substr(0, got)));
            size += got;
            if (got < chunk.size()) break;
            if (size > kLargestSpool) {
                return fail(Code::kInvalid,
                            {"Tệp bên trong lớn quá 16 GB sau khi giải nén.",
                             "The file inside is larger than 16 GB once unpacked."},
                            {"Chia tệp ra rồi gửi từng phần.", "Split it and send the parts."});
            }
        }
    }
    options.file = spool;
    options.bytes.clear();
    const std::shared_ptr<ByteStream> outer = std::move(stream);
    Source inside;
    inside.open = [disk, spool] { return ByteStream::open(*disk, spool); };
    inside.name = source.name;
    inside.whole = true;
    inside.nesting = source.nesting + 1;
    TRY_ASSIGN(auto input, open_bytes(std::move(options), inside));
    // The spool lives as long as the hash can be asked for.
    return std::make_unique<InnerInput>(
        std::move(input), [outer, remover] { return outer->sha256(); }, outer->compression());
}

}  // namespace nguon::scan
