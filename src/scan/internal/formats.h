// The three kinds of RecordInput, and the buffer that cuts a stream into blocks.
#pragma once

#include <functional>

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
    // The same, before what is carried already.
    void carry_more(std::string& bytes, std::size_t from);
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
// Lines of objects, a document that holds an array of them, GeoJSON. `again` gives the text once
// more from its beginning.
Result<std::unique_ptr<RecordInput>> open_json(
    InputOptions options, std::unique_ptr<ByteStream> stream, std::string head, Encoding encoding,
    const std::function<Result<std::unique_ptr<ByteStream>>()>& again);
// A workbook's sheet: the one asked for, the one that has the wanted columns, or the first with a
// table.
class RandomBytes;
class Workbook;
Result<std::unique_ptr<RecordInput>> open_sheet(const InputOptions& options,
                                                std::shared_ptr<const RandomBytes> bytes,
                                                std::unique_ptr<Workbook> workbook);
// `rows`: CSV in `dialect`, without its header.
std::unique_ptr<RecordInput> csv_of_sheet(std::unique_ptr<ByteStream> rows, Dialect dialect,
                                          Format format, Contents contents);

// The bytes of an input from their beginning, as often as asked.
struct Source {
    std::function<Result<std::unique_ptr<ByteStream>>()> open;
    std::string name;    // for messages
    bool whole = false;  // InputOptions' file or bytes are these bytes: any place can be read
    int nesting = 0;     // archives around it
};
// An input that may be an archive or a workbook.
Result<std::unique_ptr<RecordInput>> open_bytes(InputOptions options, const Source& source);
// A zip, or what is one inside: a workbook. Errors: invalid, naming what it is, for zips that hold
// no table. `source` is whole.
Result<std::unique_ptr<RecordInput>> open_archive(InputOptions options, const Source& source);
// A compound file: an old workbook, or something that is none. `source` is whole.
Result<std::unique_ptr<RecordInput>> open_compound(InputOptions options, const Source& source);
// The bytes as a file of their own: archives and Parquet are read at any place.
Result<std::unique_ptr<RecordInput>> open_spooled(InputOptions options,
                                                  std::unique_ptr<ByteStream> stream,
                                                  const std::string& head, const Source& source);
std::unexpected<Error> not_a_table(const std::string& name, const Text& what, const Text& fix);

// The file is read by DuckDB; the stream only hashes it.
Result<std::unique_ptr<RecordInput>> open_parquet(InputOptions options,
                                                  std::unique_ptr<ByteStream> stream,
                                                  std::string head);

}  // namespace nguon::scan
