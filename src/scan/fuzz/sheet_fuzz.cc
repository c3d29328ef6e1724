// Any bytes as one part of a workbook (the first byte says which), the others being sound: opening
// and reading never crash, and every record has the width of the table or is flagged.
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "scan/records.h"

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

void number(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

// A zip whose entries are stored: APPNOTE.TXT 4.3.
std::string stored_zip(const Files& files) {
    std::string out, directory;
    for (const auto& [name, text] : files) {
        const auto place = static_cast<std::uint32_t>(out.size());
        std::string header;
        number(header, 20, 2);
        number(header, 0, 8);
        number(header,
               static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(text.data()),
                                                static_cast<uInt>(text.size()))),
               4);
        number(header, static_cast<std::uint32_t>(text.size()), 4);
        number(header, static_cast<std::uint32_t>(text.size()), 4);
        number(header, static_cast<std::uint32_t>(name.size()), 2);
        number(header, 0, 2);
        out += "PK\x03\x04" + header + name + text;
        directory += std::string("PK\x01\x02") + std::string("\x14\x00", 2) + header;
        number(directory, 0, 8);
        number(directory, 0, 2);
        number(directory, place, 4);
        directory += name;
    }
    std::string end;
    number(end, 0, 4);
    number(end, static_cast<std::uint32_t>(files.size()), 2);
    number(end, static_cast<std::uint32_t>(files.size()), 2);
    number(end, static_cast<std::uint32_t>(directory.size()), 4);
    number(end, static_cast<std::uint32_t>(out.size()), 4);
    number(end, 0, 2);
    return out + directory + "PK\x05\x06" + end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::scan;
    if (size < 2 || size > 64 * 1024) return 0;
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    Files files{
        {"xl/worksheets/sheet1.xml",
         "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row><row><c "
         "s=\"1\"><v>46037</v></c><c s=\"2\"><v>7</v></c></row></sheetData></worksheet>"},
        {"xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>"},
        {"xl/styles.xml",
         "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt "
         "numFmtId=\"165\" formatCode=\"000\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf "
         "numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>"},
        {"xl/workbook.xml",
         "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
         "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"x/sharedStrings\" "
         "Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"x/styles\" "
         "Target=\"styles.xml\"/></Relationships>"}};
    const std::size_t part = data[0] % (files.size() + 1);
    InputOptions options;
    if (part < files.size()) {
        files[part].second = bytes;
        options.bytes = stored_zip(files);
    } else {
        options.bytes = stored_zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                                    {"content.xml", bytes}});
    }
    options.survey = true;
    auto input = RecordInput::open(std::move(options));
    if (!input) return 0;
    for (;;) {
        Block block;
        const auto more = (*input)->next(block);
        if (!more || !*more) return 0;
        (*input)->split(block);
        if (block.fields.size() != block.size() * block.width) std::abort();
        if (block.texts.size() != block.size()) std::abort();
    }
}
