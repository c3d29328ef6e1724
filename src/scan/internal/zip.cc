#include "scan/internal/zip.h"

#include <fmt/format.h>
#include <minizip/unzip.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/text.h"

namespace nguon::scan {
namespace {

std::unexpected<Error> damaged() {
    return fail(Code::kInvalid,
                {"Tệp nén zip bị hỏng hoặc thiếu phần cuối.",
                 "The zip data is damaged or its end is missing."},
                {"Xuất hoặc nén lại tệp gốc rồi gửi lại.",
                 "Export or compress the original file again and send it."});
}

// What minizip reads through: one place in the bytes for each handle.
struct Cursor {
    std::shared_ptr<const RandomBytes> bytes;
    std::uint64_t at = 0;
    std::atomic<std::uint64_t> furthest = 0;
    bool failed = false;
};

voidpf open_cursor(voidpf opaque, const void*, int) {
    return opaque;
}
uLong read_cursor(voidpf, voidpf stream, void* buffer, uLong size) {
    auto* cursor = static_cast<Cursor*>(stream);
    const auto got = cursor->bytes->read_at(cursor->at, {static_cast<char*>(buffer), size});
    if (!got) {
        cursor->failed = true;
        return 0;
    }
    cursor->at += *got;
    cursor->furthest = std::max<std::uint64_t>(cursor->furthest, cursor->at);
    return static_cast<uLong>(*got);
}
uLong refuse_write(voidpf, voidpf, const void*, uLong) {
    return 0;
}
ZPOS64_T tell_cursor(voidpf, voidpf stream) {
    return static_cast<Cursor*>(stream)->at;
}
long seek_cursor(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    auto* cursor = static_cast<Cursor*>(stream);
    const std::uint64_t base = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                               : origin == ZLIB_FILEFUNC_SEEK_CUR ? cursor->at
                                                                  : cursor->bytes->size();
    const std::uint64_t to = base + offset;
    if (to < base || to > cursor->bytes->size()) return -1;
    cursor->at = to;
    return 0;
}
int close_cursor(voidpf, voidpf) {
    return 0;
}
int error_of_cursor(voidpf, voidpf stream) {
    return static_cast<Cursor*>(stream)->failed ? 1 : 0;
}

struct CloseZip {
    void operator()(void* handle) const { unzClose(handle); }
};
using Handle = std::unique_ptr<void, CloseZip>;

Handle open_handle(Cursor& cursor) {
    zlib_filefunc64_def calls{};
    calls.zopen64_file = open_cursor;
    calls.zread_file = read_cursor;
    calls.zwrite_file = refuse_write;
    calls.ztell64_file = tell_cursor;
    calls.zseek64_file = seek_cursor;
    calls.zclose_file = close_cursor;
    calls.zerror_file = error_of_cursor;
    calls.opaque = &cursor;
    return Handle(unzOpen2_64("", &calls));
}

// Code page 437, the upper half.
constexpr std::array<char16_t, 128> kCodePage437{
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF,
    0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA,
    0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
    0x255D, 0x255C, 0x255B, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559,
    0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580,
    0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9, 0x03B4,
    0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248,
    0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0};

std::string name_of_entry(std::string name) {
    std::ranges::replace(name, '\\', '/');
    if (is_utf8(name)) return name;
    std::string utf8;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            utf8 += c;
            continue;
        }
        const char16_t letter = kCodePage437[byte - 0x80];
        if (letter >= 0x800) {
            utf8 += static_cast<char>(0xE0 | (letter >> 12));
            utf8 += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
        } else {
            utf8 += static_cast<char>(0xC0 | (letter >> 6));
        }
        utf8 += static_cast<char>(0x80 | (letter & 0x3F));
    }
    return utf8;
}

class EntryStream final : public ByteStream {
public:
    EntryStream(std::shared_ptr<const RandomBytes> bytes, const ZipEntry& entry)
        : m_entry(entry), m_packed(std::max<std::uint64_t>(entry.packed, 1)) {
        m_cursor.bytes = std::move(bytes);
    }

    Result<void> open() {
        m_handle = open_handle(m_cursor);
        if (m_handle == nullptr) return damaged();
        const unz64_file_pos place{m_entry.place, m_entry.number};
        if (unzGoToFilePos64(m_handle.get(), &place) != UNZ_OK ||
            unzOpenCurrentFile(m_handle.get()) != UNZ_OK) {
            return fail(Code::kInvalid,
                        {fmt::format("Không giải nén được «{}»: hỏng, hoặc nén theo cách lạ.",
                                     m_entry.name),
                         fmt::format("\"{}\" cannot be unpacked: damaged, or packed in a way that "
                                     "is not known.",
                                     m_entry.name)},
                        {"Nén lại kiểu zip thường (deflate).",
                         "Compress it again as a plain zip (deflate)."});
        }
        return {};
    }

    Result<std::size_t> read(std::span<char> buffer) override {
        std::size_t got = 0;
        while (got < buffer.size() && !m_ended) {
            constexpr std::size_t kMostAtOnce = 1 << 30;
            const auto wanted = static_cast<unsigned>(std::min(buffer.size() - got, kMostAtOnce));
            const int count = unzReadCurrentFile(m_handle.get(), buffer.data() + got, wanted);
            if (count < 0) return damaged();
            if (count == 0) {
                m_ended = true;
                if (unzCloseCurrentFile(m_handle.get()) != UNZ_OK) return damaged();
                if (m_out != m_entry.size) return damaged();
            }
            got += static_cast<std::size_t>(count);
            m_out += static_cast<std::size_t>(count);
            if (m_out > kFreeBytes && m_out / m_packed > kMostZipRatio) {
                return fail(
                    Code::kInvalid,
                    {fmt::format("«{}» phình ra hơn {} lần khi giải nén: giống một quả bom zip.",
                                 m_entry.name, kMostZipRatio),
                     fmt::format("\"{}\" grows more than {} times when unpacked, as a zip bomb "
                                 "does.",
                                 m_entry.name, kMostZipRatio)},
                    {"Giải nén rồi gửi chính tệp bên trong.",
                     "Unpack it and send the file inside."});
            }
        }
        return got;
    }
    Compression compression() const override { return Compression::kZip; }
    std::uint64_t consumed() const override { return m_cursor.furthest; }
    std::uint64_t size() const override { return m_cursor.bytes->size(); }
    std::string sha256() override { return m_cursor.bytes->sha256().value_or(""); }

private:
    const ZipEntry m_entry;
    const std::uint64_t m_packed;
    Cursor m_cursor;
    Handle m_handle;
    std::uint64_t m_out = 0;
    bool m_ended = false;
};

bool same_name(std::string_view a, std::string_view b) {
    if (a.starts_with('/')) a.remove_prefix(1);
    if (b.starts_with('/')) b.remove_prefix(1);
    return a.size() == b.size() && to_lower_ascii(a) == to_lower_ascii(b);
}

}  // namespace

Result<ZipArchive> ZipArchive::open(std::shared_ptr<const RandomBytes> bytes) {
    ZipArchive archive;
    archive.m_bytes = std::move(bytes);
    Cursor cursor;
    cursor.bytes = archive.m_bytes;
    const Handle handle = open_handle(cursor);
    if (handle == nullptr) return damaged();
    int step = unzGoToFirstFile(handle.get());
    for (; step == UNZ_OK; step = unzGoToNextFile(handle.get())) {
        if (archive.m_entries.size() == kMostZipEntries) {
            return fail(Code::kInvalid,
                        {fmt::format("Tệp zip có hơn {} mục.", kMostZipEntries),
                         fmt::format("The zip has more than {} entries.", kMostZipEntries)},
                        {"Giải nén rồi gửi từng tệp.", "Unpack it and send each file."});
        }
        unz_file_info64 info{};
        std::array<char, 1024> name{};
        unz64_file_pos place{};
        if (unzGetCurrentFileInfo64(handle.get(), &info, name.data(), name.size() - 1, nullptr, 0,
                                    nullptr, 0) != UNZ_OK ||
            unzGetFilePos64(handle.get(), &place) != UNZ_OK) {
            return damaged();
        }
        ZipEntry& entry = archive.m_entries.emplace_back();
        entry.name = name_of_entry(name.data());
        entry.size = info.uncompressed_size;
        entry.packed = info.compressed_size;
        entry.encrypted = (info.flag & 1) != 0;
        entry.place = place.pos_in_zip_directory;
        entry.number = place.num_of_file;
    }
    if (step != UNZ_END_OF_LIST_OF_FILE && !archive.m_entries.empty()) return damaged();
    if (archive.m_entries.empty()) {  // it begins with an entry that its directory has lost
        std::array<char, 4> head{};
        TRY_ASSIGN(const std::size_t got, archive.m_bytes->read_at(0, head));
        if (std::string_view(head.data(), got) == "PK\x03\x04") return damaged();
    }
    return archive;
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        m_entries, [&](const ZipEntry& entry) { return same_name(entry.name, name); });
    return found == m_entries.end() ? nullptr : &*found;
}

Result<std::unique_ptr<ByteStream>> ZipArchive::stream(const ZipEntry& entry) const {
    if (entry.encrypted) {
        return fail(
            Code::kInvalid,
            {fmt::format("«{}» trong tệp zip có mật khẩu.", entry.name),
             fmt::format("\"{}\" in the zip has a password.", entry.name)},
            {"Giải nén bằng mật khẩu rồi gửi lại.", "Unpack it with the password and send it."});
    }
    auto stream = std::make_unique<EntryStream>(m_bytes, entry);
    TRY(stream->open());
    return stream;
}

Result<std::string> ZipArchive::read(const ZipEntry& entry, std::size_t most) const {
    TRY_ASSIGN(const auto from, stream(entry));
    std::string text(std::min<std::uint64_t>(entry.size, most) + 1, '\0');
    TRY_ASSIGN(const std::size_t got, from->read(text));
    if (got > most) {
        return fail(Code::kInvalid,
                    {fmt::format("Phần «{}» của tệp quá lớn.", entry.name),
                     fmt::format("The part \"{}\" of the file is too large.", entry.name)},
                    {"Lưu dữ liệu dạng CSV UTF-8 rồi gửi lại.",
                     "Save the data as CSV UTF-8 and send that."});
    }
    text.resize(got);
    return text;
}

}  // namespace nguon::scan
