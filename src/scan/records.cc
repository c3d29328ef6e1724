#include "scan/records.h"

#include <fmt/format.h>

#include <array>

#include "scan/internal/formats.h"
#include "scan/transcode.h"

namespace nguon::scan {
namespace {

std::string quoted_name(const InputOptions& options) {
    return options.file.empty() ? std::string("-") : options.file.filename().string();
}

bool is_utf16(Encoding encoding) {
    return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
}

Format detect_format(std::string_view head) {
    if (head.starts_with("PAR1")) return Format::kParquet;
    std::string_view text = head;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = trim(text);
    return text.starts_with('{') ? Format::kJsonLines : Format::kCsv;
}

// Files that offices send and that are no text: named, not read as rows of noise.
Result<void> refuse_known_binary(std::string_view head, const std::string& name) {
    struct Known {
        std::string_view start;
        Text what;
    };
    static const std::array<Known, 5> kKnown{{
        {"PK\x03\x04", {"tệp Excel (.xlsx) hoặc zip", "an Excel workbook (.xlsx) or a zip"}},
        {"\xD0\xCF\x11\xE0", {"tệp Excel cũ (.xls)", "an old Excel workbook (.xls)"}},
        {"%PDF-", {"tệp PDF", "a PDF"}},
        {"\x89PNG", {"ảnh PNG", "a PNG picture"}},
        {"\x7F"
         "ELF",
         {"chương trình", "a program"}},
    }};
    for (const Known& known : kKnown) {
        if (!head.starts_with(known.start)) continue;
        return fail(Code::kInvalid,
                    {fmt::format("{} là {}, không phải CSV.", name, known.what.vi),
                     fmt::format("{} is {}, not CSV.", name, known.what.en)},
                    {"Mở bằng Excel, chọn Lưu thành, kiểu CSV UTF-8.",
                     "Open it in Excel, choose Save as, type CSV UTF-8."});
    }
    return {};
}

}  // namespace

std::string_view name_of(Format format) {
    switch (format) {
        case Format::kCsv: return "csv";
        case Format::kJsonLines: return "jsonl";
        case Format::kParquet: return "parquet";
    }
    return "csv";
}

Result<Format> format_from_name(std::string_view name) {
    for (const Format format : {Format::kCsv, Format::kJsonLines, Format::kParquet}) {
        if (name == name_of(format)) return format;
    }
    if (name == "json" || name == "ndjson") return Format::kJsonLines;
    return fail(Code::kInvalid,
                {fmt::format("Không biết định dạng «{}».", name),
                 fmt::format("The format \"{}\" is not known.", name)},
                {"Dùng csv, jsonl hoặc parquet.", "Use csv, jsonl or parquet."});
}

Result<std::unique_ptr<RecordInput>> RecordInput::open(InputOptions options) {
    std::unique_ptr<ByteStream> stream;
    if (options.file.empty()) {
        TRY_ASSIGN(stream, ByteStream::from_bytes(options.bytes));
    } else {
        TRY_ASSIGN(stream, ByteStream::open(*options.disk, options.file));
    }
    std::string head(kHeadBytes, '\0');
    TRY_ASSIGN(const std::size_t got, stream->read(head));
    head.resize(got);
    Format format = options.format.value_or(detect_format(head));
    if (format == Format::kParquet) {
        if (stream->compression() != Compression::kNone) {
            return fail(Code::kInvalid,
                        {"Tệp Parquet đã nén sẵn bên trong, không nén thêm lần nữa.",
                         "A Parquet file is compressed inside; it is not compressed once more."},
                        {"Gửi chính tệp .parquet.", "Send the .parquet file itself."});
        }
        return open_parquet(std::move(options), std::move(stream), std::move(head));
    }
    if (got == 0) {
        return fail(Code::kInvalid,
                    {fmt::format("Tệp {} rỗng.", quoted_name(options)),
                     fmt::format("The file {} is empty.", quoted_name(options))},
                    {"Gửi một tệp có dữ liệu.", "Send a file that holds data."});
    }
    if (const Result<void> text = refuse_known_binary(head, quoted_name(options)); !text) {
        return std::unexpected(text.error());
    }
    FoundEncoding encoding{options.encoding.value_or(Encoding::kUtf8), 1.0};
    if (!options.encoding || is_utf16(*options.encoding)) {  // a mark says which byte comes first
        const FoundEncoding found = detect_encoding(head);
        if (!options.encoding || is_utf16(found.encoding)) encoding = found;
    }
    if (encoding.encoding != Encoding::kUtf8) {
        stream = transcoded(std::move(stream), std::move(head), encoding.encoding);
        head.assign(kHeadBytes, '\0');
        TRY_ASSIGN(const std::size_t text, stream->read(head));
        head.resize(text);
        format = options.format.value_or(detect_format(head));
    }
    if (format == Format::kJsonLines) {
        return open_json_lines(std::move(options), std::move(stream), std::move(head),
                               encoding.encoding);
    }
    return open_csv(options, std::move(stream), std::move(head), encoding);
}

Result<std::size_t> BlockBuffer::fill(std::string& bytes) {
    bytes = std::move(m_carried);
    m_carried.clear();
    const std::size_t kept = bytes.size();
    bytes.resize(kept + kBlockBytes);
    TRY_ASSIGN(const std::size_t got, m_stream->read(std::span(bytes).subspan(kept)));
    bytes.resize(kept + got);
    m_ended = got < kBlockBytes;
    return bytes.size();
}

void BlockBuffer::carry(std::string& bytes, std::size_t from) {
    m_carried = bytes.substr(from);
    bytes.resize(from);
}

unsigned text_flags(std::string_view text) {
    unsigned flags = 0;
    if (!is_utf8(text)) flags |= kNotUtf8;
    if (text.find('\0') != std::string_view::npos) flags |= kNulByte;
    return flags;
}

}  // namespace nguon::scan
