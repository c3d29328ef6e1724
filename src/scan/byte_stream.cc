#include "scan/byte_stream.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <atomic>

#include "crypto/sha256.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kCompressedChunk = 256 * 1024;

std::unexpected<Error> damaged(std::string_view kind) {
    return fail(Code::kInvalid,
                {fmt::format("Dữ liệu nén {} bị hỏng hoặc thiếu phần cuối.", kind),
                 fmt::format("The {} data is damaged or its end is missing.", kind)},
                {"Nén lại tệp gốc rồi gửi lại.", "Compress the original file again and send it."});
}

// The bytes as sent: from a file, or from memory.
class Raw {
public:
    Raw(std::unique_ptr<File> file, std::uint64_t size) : m_file(std::move(file)), m_size(size) {}
    explicit Raw(std::string bytes) : m_bytes(std::move(bytes)), m_size(m_bytes.size()) {}

    Result<std::size_t> read(std::span<char> buffer) {
        TRY_ASSIGN(const std::size_t got, read_at(m_consumed, buffer));
        m_hash.update({buffer.data(), got});
        m_consumed += got;
        return got;
    }
    // Leaves them to be read.
    Result<std::size_t> first_bytes(std::span<char> buffer) const { return read_at(0, buffer); }
    std::uint64_t consumed() const { return m_consumed; }
    std::uint64_t size() const { return m_size; }
    std::string sha256() { return m_hash.finish_hex(); }

private:
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const {
        if (m_file) return m_file->read_at(offset, buffer);
        return m_bytes.copy(buffer.data(), buffer.size(), offset);
    }

    std::unique_ptr<File> m_file;
    std::string m_bytes;
    std::uint64_t m_size;
    std::atomic<std::uint64_t> m_consumed{0};
    crypto::Sha256 m_hash;
};

// A stream over the bytes as sent, which say how far it is and what their hash is.
class StreamOverRaw : public ByteStream {
public:
    explicit StreamOverRaw(std::unique_ptr<Raw> raw) : m_raw(std::move(raw)) {}
    std::uint64_t consumed() const override { return m_raw->consumed(); }
    std::uint64_t size() const override { return m_raw->size(); }
    std::string sha256() override { return m_raw->sha256(); }

protected:
    const std::unique_ptr<Raw> m_raw;
};

class PlainStream final : public StreamOverRaw {
public:
    using StreamOverRaw::StreamOverRaw;
    Result<std::size_t> read(std::span<char> buffer) override { return m_raw->read(buffer); }
    Compression compression() const override { return Compression::kNone; }
};

class GzipStream final : public StreamOverRaw {
public:
    explicit GzipStream(std::unique_ptr<Raw> raw)
        : StreamOverRaw(std::move(raw)), m_input(kCompressedChunk, '\0') {
        inflateInit2(&m_inflate, 15 + 16);
    }
    ~GzipStream() override { inflateEnd(&m_inflate); }

    Result<std::size_t> read(std::span<char> buffer) override {
        m_inflate.next_out = reinterpret_cast<Bytef*>(buffer.data());
        m_inflate.avail_out = static_cast<uInt>(buffer.size());
        while (m_inflate.avail_out > 0) {
            if (m_inflate.avail_in == 0) {
                TRY_ASSIGN(const std::size_t got, m_raw->read(m_input));
                if (got == 0) {
                    if (!m_between_members) return damaged("gzip");
                    break;
                }
                m_inflate.next_in = reinterpret_cast<Bytef*>(m_input.data());
                m_inflate.avail_in = static_cast<uInt>(got);
            }
            if (m_between_members) {  // RFC 1952 section 2.2: members follow each other
                inflateReset2(&m_inflate, 15 + 16);
                m_between_members = false;
            }
            const int done = inflate(&m_inflate, Z_NO_FLUSH);
            if (done == Z_STREAM_END) {
                m_between_members = true;
            } else if (done != Z_OK) {
                return damaged("gzip");
            }
        }
        return buffer.size() - m_inflate.avail_out;
    }
    Compression compression() const override { return Compression::kGzip; }

private:
    std::string m_input;
    z_stream m_inflate{};
    bool m_between_members = true;
};

class ZstdStream final : public StreamOverRaw {
public:
    explicit ZstdStream(std::unique_ptr<Raw> raw)
        : StreamOverRaw(std::move(raw)),
          m_input(kCompressedChunk, '\0'),
          m_stream(ZSTD_createDStream()) {
        // A frame may ask for at most 128 MB of window: more is an attack on memory.
        ZSTD_DCtx_setParameter(m_stream, ZSTD_d_windowLogMax, 27);
    }
    ~ZstdStream() override { ZSTD_freeDStream(m_stream); }

    Result<std::size_t> read(std::span<char> buffer) override {
        ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
        while (out.pos < out.size) {
            if (m_in.pos == m_in.size) {
                TRY_ASSIGN(const std::size_t got, m_raw->read(m_input));
                if (got == 0) {
                    if (m_left != 0) return damaged("zstd");
                    break;
                }
                m_in = {m_input.data(), got, 0};
            }
            m_left = ZSTD_decompressStream(m_stream, &out, &m_in);
            if (ZSTD_isError(m_left) != 0) return damaged("zstd");
        }
        return out.pos;
    }
    Compression compression() const override { return Compression::kZstd; }

private:
    std::string m_input;
    ZSTD_DStream* m_stream;
    ZSTD_inBuffer m_in{nullptr, 0, 0};
    std::size_t m_left = 0;
};

Result<std::unique_ptr<ByteStream>> wrap(std::unique_ptr<Raw> raw) {
    std::array<char, 4> first{};
    TRY_ASSIGN(const std::size_t got, raw->first_bytes(first));
    const std::string_view head(first.data(), got);
    if (head.starts_with("\x1F\x8B")) return std::make_unique<GzipStream>(std::move(raw));
    if (head == "\x28\xB5\x2F\xFD") return std::make_unique<ZstdStream>(std::move(raw));
    return std::make_unique<PlainStream>(std::move(raw));
}

}  // namespace

Result<std::unique_ptr<ByteStream>> ByteStream::open(Disk& disk,
                                                     const std::filesystem::path& path) {
    Result<std::unique_ptr<File>> file = disk.open(path, OpenMode::kRead);
    if (!file) {
        const bool absent = file.error().code == Code::kNotFound;
        const std::string name = path.filename().string();
        return fail(absent ? Code::kNotFound : Code::kInvalid,
                    {fmt::format("Không mở được tệp {}.", name),
                     fmt::format("The file {} cannot be opened.", name)},
                    {"Kiểm tra đường dẫn, quyền đọc và rằng đó là một tệp.",
                     "Check the path, the permissions and that it is a file."});
    }
    TRY_ASSIGN(const std::uint64_t size, (*file)->size());
    return wrap(std::make_unique<Raw>(*std::move(file), size));
}

Result<std::unique_ptr<ByteStream>> ByteStream::from_bytes(std::string bytes) {
    return wrap(std::make_unique<Raw>(std::move(bytes)));
}

}  // namespace nguon::scan
