// The three kinds of RecordInput, and the buffer that cuts a stream into blocks.
#pragma once

#include "scan/encoding.h"
#include "scan/records.h"

namespace nguon::scan {

// Half of a typical second-level cache: fields of a block are read again soon (measured on 2 cores:
// 1 MiB beats 4 MiB by 9%).
inline constexpr std::size_t kBlockBytes = 1 << 20;

class BlockBuffer {
public:
    BlockBuffer(std::unique_ptr<ByteStream> stream, std::string head)
        : m_stream(std::move(stream)), m_carried(std::move(head)) {}
    // What was carried over and the next kBlockBytes. The size; ended() says whether more can come.
    Result<std::size_t> fill(std::string& bytes);
    // Keeps bytes[from…] for the next fill().
    void carry(std::string& bytes, std::size_t from);
    bool ended() const { return m_ended; }
    ByteStream& stream() const { return *m_stream; }

private:
    std::unique_ptr<ByteStream> m_stream;
    std::string m_carried;
    bool m_ended = false;
};

// kNotUtf8 and kNulByte.
unsigned text_flags(std::string_view text);

// The first bytes, decompressed and as UTF-8: enough to tell format and dialect.
inline constexpr std::size_t kHeadBytes = 64 * 1024;

// `stream` is UTF-8 and follows `head`; `encoding` is what it was made from.
Result<std::unique_ptr<RecordInput>> open_csv(const InputOptions& options,
                                              std::unique_ptr<ByteStream> stream, std::string head,
                                              FoundEncoding encoding);
Result<std::unique_ptr<RecordInput>> open_json_lines(InputOptions options,
                                                     std::unique_ptr<ByteStream> stream,
                                                     std::string head, Encoding encoding);
// The file is read by DuckDB; the stream only hashes it.
Result<std::unique_ptr<RecordInput>> open_parquet(InputOptions options,
                                                  std::unique_ptr<ByteStream> stream,
                                                  std::string head);

}  // namespace nguon::scan
