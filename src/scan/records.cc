#include "scan/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/spoken.h"
#include "scan/internal/formats.h"
#include "scan/internal/json_layout.h"
#include "scan/transcode.h"

namespace nguon::scan {
namespace {

constexpr int kDeepestNesting = 3;
constexpr std::string_view kNameless = "-";

// At the beginning of a sentence.
Text called(const std::string& name) {
    if (name == kNameless) return {"Tệp đã gửi", "The file sent"};
    return Text::same(name);
}

bool is_utf16(Encoding encoding) {
    return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
}

bool is_zip(std::string_view head) {
    return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06");
}
bool is_compound(std::string_view head) {
    // A compound file, or the bare stream of an old workbook (BOF of BIFF 2 to 5).
    return head.starts_with("\xD0\xCF\x11\xE0") || head.starts_with("\x09\x08\x08\x00") ||
           head.starts_with(std::string_view("\x09\x08\x10\x00", 4)) ||
           head.starts_with(std::string_view("\x09\x04\x06\x00", 4)) ||
           head.starts_with(std::string_view("\x09\x02\x06\x00", 4)) ||
           head.starts_with(std::string_view("\x09\x00\x04\x00", 4));
}
bool is_named_like_json(std::string_view name) {
    std::string lower = to_lower_ascii(name);
    for (const std::string_view packed : {".gz", ".zst"}) {
        if (lower.ends_with(packed)) lower.erase(lower.size() - packed.size());
    }
    return std::ranges::any_of(std::array{".json", ".geojson", ".jsonl", ".ndjson"},
                               [&](std::string_view end) { return lower.ends_with(end); });
}
bool is_parquet(std::string_view head) {
    return head.starts_with("PAR1");
}

// A list, or, where the file's name says that it is JSON, a value alone. [INFO] and [2026-01-15
// begin lines of a log; "x" and 5 may be the name of the one column of a CSV file.
bool looks_like_json(std::string_view head, std::string_view name) {
    std::string_view text = head;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = trim(text);
    if (text.starts_with('{')) return true;
    if (!text.starts_with('[')) return is_named_like_json(name) && begins_with_value(text);
    const std::string_view next = trim(text.substr(1));
    return next.empty() || std::string_view("{[]\"").find(next[0]) != std::string_view::npos ||
           begins_with_value(text);
}

// Files that offices send and that are no table: named, not read as rows of noise.
Result<void> refuse_known(std::string_view head, const std::string& name) {
    static const Text kSaveAs{"Mở bằng Excel, chọn Lưu thành, kiểu .xlsx hoặc CSV UTF-8.",
                              "Open it in Excel, choose Save as, type .xlsx or CSV UTF-8."};
    static const Text kCopyOut{"Chép bảng sang Excel, lưu thành .xlsx hoặc CSV UTF-8.",
                               "Copy the table into Excel and save it as .xlsx or CSV UTF-8."};
    static const Text kUnpack{"Giải nén rồi gửi chính tệp bên trong.",
                              "Unpack it and send the file inside."};
    static const Text kSend{"Gửi tệp dữ liệu: CSV, Excel, JSON hoặc Parquet.",
                            "Send a file of data: CSV, Excel, JSON or Parquet."};
    struct Known {
        std::string_view start;
        Text what;
        const Text& fix;
    };
    static const std::array<Known, 14> kKnown{{
        {"%PDF-", {"tệp PDF", "a PDF"}, kCopyOut},
        {"\x89PNG", {"ảnh PNG", "a PNG picture"}, kSend},
        {"\xFF\xD8\xFF", {"ảnh JPEG", "a JPEG picture"}, kSend},
        {"GIF8", {"ảnh GIF", "a GIF picture"}, kSend},
        {"\x7F"
         "ELF",
         {"chương trình", "a program"},
         kSend},
        {"{\\rtf", {"văn bản RTF", "an RTF document"}, kCopyOut},
        {"Rar!", {"tệp nén RAR", "a RAR archive"}, kUnpack},
        {"7z\xBC\xAF\x27\x1C", {"tệp nén 7z", "a 7z archive"}, kUnpack},
        {"BZh", {"tệp nén bzip2", "bzip2 data"}, kUnpack},
        {"\xFD"
         "7zXZ",
         {"tệp nén xz", "xz data"},
         kUnpack},
        {"SQLite format 3", {"cơ sở dữ liệu SQLite", "an SQLite database"}, kSend},
        {"ARROW1", {"tệp Arrow", "an Arrow file"}, kSend},
        {"PK\x07\x08", {"một phần của tệp zip", "a part of a zip"}, kUnpack},
        {"Obj\x01", {"tệp Avro", "an Avro file"}, kSend},
    }};
    for (const Known& known : kKnown) {
        if (head.starts_with(known.start)) return not_a_table(name, known.what, known.fix);
    }
    constexpr std::size_t kTarMagic = 257;  // POSIX ustar
    if (head.size() > kTarMagic && head.substr(kTarMagic).starts_with("ustar"))
        return not_a_table(name, {"tệp lưu trữ tar", "a tar archive"}, kUnpack);
    std::string_view text = head.substr(0, 2048);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const std::string start = to_lower_ascii(trim(text));
    if (start.starts_with("<!doctype html") || start.starts_with("<html") ||
        start.starts_with("<table") || start.starts_with("<meta ") || start.starts_with("<head")) {
        return not_a_table(
            name, {"trang HTML, dù tên có thể là .xls", "an HTML page, even if it is named .xls"},
            kSaveAs);
    }
    if (start.starts_with("<?xml")) {
        const bool workbook = start.find("excel.sheet") != std::string::npos ||
                              start.find("<workbook") != std::string::npos;
        return workbook ? not_a_table(
                              name, {"bảng tính XML của Excel 2003", "an Excel 2003 XML workbook"},
                              kSaveAs)
                        : not_a_table(name, {"tệp XML", "XML"}, kSend);
    }
    if (start.starts_with("mime-version:"))
        return not_a_table(name, {"trang web lưu trữ (.mht)", "a web archive (.mht)"}, kSaveAs);
    return {};
}

}  // namespace

std::string_view name_of(Format format) {
    switch (format) {
        case Format::kCsv: return "csv";
        case Format::kJsonLines: return "jsonl";
        case Format::kJson: return "json";
        case Format::kGeoJson: return "geojson";
        case Format::kParquet: return "parquet";
        case Format::kXlsx: return "xlsx";
        case Format::kXls: return "xls";
        case Format::kOds: return "ods";
    }
    return "csv";
}

Result<Format> format_from_name(std::string_view name) {
    for (const Format format : {Format::kCsv, Format::kJsonLines, Format::kJson, Format::kGeoJson,
                                Format::kParquet, Format::kXlsx, Format::kXls, Format::kOds}) {
        if (name == name_of(format)) return format;
    }
    if (name == "ndjson") return Format::kJsonLines;
    if (name == "excel" || name == "xlsm") return Format::kXlsx;
    if (name == "tsv" || name == "txt") return Format::kCsv;
    return fail(Code::kInvalid,
                {fmt::format("Không biết định dạng «{}».", name),
                 fmt::format("The format \"{}\" is not known.", name)},
                {"Dùng csv, xlsx, xls, ods, json, jsonl, geojson hoặc parquet.",
                 "Use csv, xlsx, xls, ods, json, jsonl, geojson or parquet."});
}

std::unexpected<Error> not_a_table(const std::string& name, const Text& what, const Text& fix) {
    return wrong_parameter(
        "file",
        {fmt::format("{} là {}, không đọc được như một bảng.", called(name).vi, what.vi),
         fmt::format("{} is {}, which cannot be read as a table.", called(name).en, what.en)},
        fix);
}

std::unexpected<Error> wrong_parameter(std::string_view parameter, Text detail, Text fix) {
    Error error{Code::kInvalid, std::move(detail), std::move(fix), {}, {}};
    error.errors.push_back({"", 0, 0, std::string(parameter), error.detail, error.fix});
    return std::unexpected(std::move(error));
}

bool is_wrong_parameter(const Error& error) {
    return error.code == Code::kInvalid && error.errors.size() == 1 &&
           error.errors[0].file.empty() && error.errors[0].line == 0 &&
           !error.errors[0].path.empty();
}

namespace {

std::unexpected<Error> wrong_format(const std::string& name, Format asked) {
    return wrong_parameter(
        "format",
        {fmt::format("{} không phải tệp {}.", called(name).vi, name_of(asked)),
         fmt::format("{} is no {} file.", called(name).en, name_of(asked))},
        {fmt::format("Bỏ {} để nút tự nhận ra.", spoken::parameter("format")),
         fmt::format("Leave {} out: the bytes tell it.", spoken::parameter("format"))});
}

// A sheet of what has no sheets, an entry of what is no zip, a form that it does not have: nobody
// is to think that they counted.
Result<void> check_asked(const InputOptions& asked, const std::string& name,
                         const RecordInput& input) {
    const Format format = input.format();
    const bool is_text = !is_typed(format);
    if (asked.format && (is_text ? is_typed(*asked.format) : *asked.format != format))
        return wrong_format(name, *asked.format);
    const auto not_of_it = [&](std::string_view parameter, const Text& detail) {
        const std::string said = spoken::parameter(parameter);
        return wrong_parameter(parameter, detail,
                               {fmt::format("Bỏ {}.", said), fmt::format("Leave {} out.", said)});
    };
    if (!asked.sheet.empty() && !is_sheet(format)) {
        return not_of_it(
            "sheet",
            {fmt::format("{} là {}, không có trang.", called(name).vi, name_of(format)),
             fmt::format("{} is {} and has no sheets.", called(name).en, name_of(format))});
    }
    if (!asked.entry.empty() && input.contents().entries.empty() &&
        (!is_json(format) || format == Format::kJsonLines)) {
        return not_of_it(
            "entry",
            {fmt::format("{} không phải tệp zip có tệp bên trong, cũng không phải tài liệu JSON.",
                         called(name).vi),
             fmt::format("{} is neither a zip with files inside nor a JSON document.",
                         called(name).en)});
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<RecordInput>> RecordInput::open(InputOptions options) {
    Source source;
    source.whole = true;
    if (options.file.empty()) {
        source.name = kNameless;
        source.open = [bytes = std::make_shared<const std::string>(options.bytes)] {
            return ByteStream::from_bytes(*bytes);
        };
    } else {
        source.name = options.file.filename().string();
        source.open = [disk = options.disk, file = options.file] {
            return ByteStream::open(*disk, file);
        };
    }
    if (!options.name.empty()) source.name = options.name;
    InputOptions asked;
    asked.format = options.format;
    asked.sheet = options.sheet;
    asked.entry = options.entry;
    TRY_ASSIGN(auto input, open_bytes(std::move(options), source));
    TRY(check_asked(asked, source.name, *input));
    return input;
}

namespace {

// What is read at any place: the bytes themselves, or a copy of them in a file.
Result<std::unique_ptr<RecordInput>> open_whole(InputOptions options,
                                                std::unique_ptr<ByteStream> stream,
                                                std::string head, const Source& source) {
    if (!source.whole || stream->compression() != Compression::kNone)
        return open_spooled(std::move(options), std::move(stream), head, source);
    if (is_parquet(head)) return open_parquet(std::move(options), std::move(stream), head);
    if (is_zip(head)) return open_archive(std::move(options), source);
    return open_compound(std::move(options), source);
}

// The stream as UTF-8 with its first bytes.
struct TextHead {
    std::unique_ptr<ByteStream> stream;
    std::string head;
    FoundEncoding encoding;
};
Result<TextHead> as_utf8(const InputOptions& options, std::unique_ptr<ByteStream> stream,
                         std::string head) {
    TextHead text{std::move(stream), std::move(head), {}};
    text.encoding = {options.encoding.value_or(Encoding::kUtf8), 1.0};
    if (!options.encoding || is_utf16(*options.encoding)) {  // a mark says which byte comes first
        const FoundEncoding found = detect_encoding(text.head);
        if (!options.encoding || is_utf16(found.encoding)) text.encoding = found;
    }
    if (text.encoding.encoding == Encoding::kUtf8) return text;
    text.stream = transcoded(std::move(text.stream), std::move(text.head), text.encoding.encoding);
    text.head.assign(kHeadBytes, '\0');
    TRY_ASSIGN(const std::size_t got, text.stream->read(text.head));
    text.head.resize(got);
    return text;
}

}  // namespace

Result<std::unique_ptr<RecordInput>> open_bytes(InputOptions options, const Source& source) {
    if (source.nesting > kDeepestNesting) {
        return not_a_table(
            source.name, {"tệp nén lồng quá nhiều lớp", "packed too many times"},
            {"Giải nén rồi gửi chính tệp bên trong.", "Unpack it and send the file inside."});
    }
    TRY_ASSIGN(std::unique_ptr<ByteStream> stream, source.open());
    std::string head(kHeadBytes, '\0');
    TRY_ASSIGN(const std::size_t got, stream->read(head));
    head.resize(got);
    if (got == 0) {
        const bool named = source.name != kNameless;
        return wrong_parameter(
            "file",
            {named ? fmt::format("Tệp {} rỗng.", source.name) : "Không có dữ liệu nào được gửi.",
             named ? fmt::format("The file {} is empty.", source.name) : "No data was sent."},
            {"Gửi một tệp có dữ liệu.", "Send a file that holds data."});
    }
    if (is_parquet(head) || is_zip(head) || is_compound(head))
        return open_whole(std::move(options), std::move(stream), std::move(head), source);
    if (options.format && is_typed(*options.format))
        return wrong_format(source.name, *options.format);
    if (!options.format) TRY(refuse_known(head, source.name));
    TRY_ASSIGN(TextHead text, as_utf8(options, std::move(stream), std::move(head)));
    if (options.format ? is_json(*options.format) : looks_like_json(text.head, source.name)) {
        const auto again = [options, &source]() -> Result<std::unique_ptr<ByteStream>> {
            TRY_ASSIGN(std::unique_ptr<ByteStream> bytes, source.open());
            std::string first(kHeadBytes, '\0');
            TRY_ASSIGN(const std::size_t count, bytes->read(first));
            first.resize(count);
            const FoundEncoding found = detect_encoding(first);
            const Encoding encoding =
                options.encoding && !is_utf16(found.encoding) ? *options.encoding : found.encoding;
            if (encoding != Encoding::kUtf8)
                return transcoded(std::move(bytes), std::move(first), encoding);
            return source.open();
        };
        return open_json(std::move(options), std::move(text.stream), std::move(text.head),
                         text.encoding.encoding, again);
    }
    return open_csv(options, std::move(text.stream), std::move(text.head), text.encoding);
}

Result<std::size_t> BlockBuffer::fill(std::string& bytes) {
    bytes = std::move(m_carried);
    m_carried.clear();
    const std::size_t kept = bytes.size();
    // As much again where a record is longer than a block: it is looked at a few times, not often.
    const std::size_t wanted = std::max(kBlockBytes, kept);
    bytes.resize(kept + wanted);
    TRY_ASSIGN(const std::size_t got, m_stream->read(std::span(bytes).subspan(kept)));
    bytes.resize(kept + got);
    m_ended = got < wanted;
    return bytes.size();
}

void BlockBuffer::carry(std::string& bytes, std::size_t from) {
    m_carried = bytes.substr(from);
    bytes.resize(from);
}

void BlockBuffer::carry_more(std::string& bytes, std::size_t from) {
    m_carried.insert(0, bytes, from);
    bytes.resize(from);
}

unsigned text_flags(std::string_view text) {
    unsigned flags = 0;
    if (!is_utf8(text)) flags |= kNotUtf8;
    if (text.find('\0') != std::string_view::npos) flags |= kNulByte;
    return flags;
}

}  // namespace nguon::scan
