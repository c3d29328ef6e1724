// For tests: zips and workbooks made from text, and inputs read whole.
#pragma once

#include <minizip/zip.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "scan/records.h"

namespace nguon::scan {

using ZipFiles = std::vector<std::pair<std::string, std::string>>;

inline std::string make_zip(const ZipFiles& files) {
    static std::atomic<int> count = 0;
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() /
        ("zip-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    const zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
    for (const auto& [name, text] : files) {
        zip_fileinfo info{};
        zipOpenNewFileInZip64(zip, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED,
                              6, 0);
        zipWriteInFileInZip(zip, text.data(), static_cast<unsigned>(text.size()));
        zipCloseFileInZip(zip);
    }
    zipClose(zip, nullptr);
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    std::filesystem::remove(path);
    return bytes.str();
}

// Sheets by name, each the inside of <worksheet>. Styles: the number formats of styles 1, 2, ….
struct TestWorkbook {
    struct Page {
        std::string name, xml, state = {};
    };
    std::vector<Page> sheets;
    std::vector<std::string> shared = {};   // inside of <si>
    std::vector<std::string> formats = {};  // codes
    bool from_1904 = false;

    std::string bytes() const {
        const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        std::string list, relations, strings, codes, styles;
        for (std::size_t i = 0; i < sheets.size(); ++i) {
            const std::string n = std::to_string(i + 1);
            const std::string state =
                sheets[i].state.empty() ? "" : " state=\"" + sheets[i].state + "\"";
            list += "<sheet name=\"" + sheets[i].name + "\" sheetId=\"" + n + "\"" + state +
                    " r:id=\"r" + n + "\"/>";
            relations += "<Relationship Id=\"r" + n + "\" Type=\"x/relationships/worksheet\" " +
                         "Target=\"worksheets/sheet" + n + ".xml\"/>";
        }
        for (const std::string& text : shared)
            strings += "<si>" + text + "</si>";
        for (std::size_t i = 0; i < formats.size(); ++i) {
            const std::string id = std::to_string(164 + i);
            codes += "<numFmt numFmtId=\"" + id + "\" formatCode=\"" + formats[i] + "\"/>";
            styles += "<xf numFmtId=\"" + id + "\"/>";
        }
        ZipFiles files{
            {"[Content_Types].xml", head + "<Types/>"},
            {"_rels/.rels", head + "<Relationships><Relationship Id=\"a\" "
                                   "Type=\"x/relationships/officeDocument\" "
                                   "Target=\"xl/workbook.xml\"/></Relationships>"},
            {"xl/workbook.xml", head + "<workbook><workbookPr date1904=\"" +
                                    (from_1904 ? "1" : "0") + "\"/><sheets>" + list +
                                    "</sheets></workbook>"},
            {"xl/_rels/workbook.xml.rels",
             head + "<Relationships>" + relations +
                 "<Relationship Id=\"s\" Type=\"x/relationships/styles\" Target=\"styles.xml\"/>" +
                 "<Relationship Id=\"t\" Type=\"x/relationships/sharedStrings\" "
                 "Target=\"/xl/sharedStrings.xml\"/></Relationships>"},
            {"xl/styles.xml", head + "<styleSheet><numFmts>" + codes + "</numFmts><cellXfs>" +
                                  "<xf numFmtId=\"0\"/>" + styles + "</cellXfs></styleSheet>"},
            {"xl/sharedStrings.xml", head + "<sst>" + strings + "</sst>"}};
        for (std::size_t i = 0; i < sheets.size(); ++i) {
            files.emplace_back("xl/worksheets/sheet" + std::to_string(i + 1) + ".xml",
                               head + "<worksheet>" + sheets[i].xml + "</worksheet>");
        }
        return make_zip(files);
    }
};

// Rows of plain texts as <sheetData>.
inline std::string sheet_of(const std::vector<std::vector<std::string>>& rows) {
    std::string xml = "<sheetData>";
    for (std::size_t r = 0; r < rows.size(); ++r) {
        xml += "<row r=\"" + std::to_string(r + 1) + "\">";
        for (std::size_t c = 0; c < rows[r].size(); ++c) {
            if (rows[r][c].empty()) continue;
            xml += "<c r=\"" + std::string(1, static_cast<char>('A' + c)) + std::to_string(r + 1) +
                   "\" t=\"inlineStr\"><is><t>" + rows[r][c] + "</t></is></c>";
        }
        xml += "</row>";
    }
    return xml + "</sheetData>";
}

struct ReadInput {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;
    std::vector<unsigned> flags;
    Format format = Format::kCsv;
    Contents contents;
    std::string sha256;
};
inline Result<ReadInput> read_input(InputOptions options) {
    TRY_ASSIGN(const auto input, RecordInput::open(std::move(options)));
    ReadInput read{input->names(), {}, {}, input->format(), {}, {}};
    for (;;) {
        Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        for (std::size_t i = 0; i < block.size(); ++i) {
            const auto first = block.fields.begin() + static_cast<std::ptrdiff_t>(i * block.width);
            read.rows.emplace_back(first, first + static_cast<std::ptrdiff_t>(block.width));
            read.flags.push_back(block.flags[i]);
        }
    }
    read.contents = input->contents();
    read.sha256 = input->sha256();
    return read;
}
inline Result<ReadInput> read_bytes(std::string bytes, InputOptions options = {}) {
    options.bytes = std::move(bytes);
    return read_input(std::move(options));
}

}  // namespace nguon::scan
