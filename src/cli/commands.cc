// Every command: what it is for, an example, its parameters.
#include "cli/acts.h"

namespace nguon::cli {
namespace {

using Need = Parameter::Need;
using A = Arguments;

Parameter dataset() {
    return {"DATASET",
            &A::dataset,
            {"Tên bộ dữ liệu: miền.bảng", "Dataset name: domain.schema"},
            Need::kRequired};
}
Parameter batch() {
    return {"BATCH",
            &A::batch,
            {"Mã lô, có trong biên nhận", "Batch id, as on the receipt"},
            Need::kRequired};
}
Parameter file(Phrase help) {
    return {"FILE", &A::file, help, Need::kRequired};
}
Parameter as_of() {
    return {
        "--as-of",
        &A::as_of,
        {"Như tại lúc đó: thời điểm RFC 3339 hoặc seq:N", "As it was: an RFC 3339 time or seq:N"},
        Need::kOptional,
        {},
        "AT"};
}
Parameter limit(Phrase help) {
    return {"--limit", &A::limit, help, Need::kOptional, {}, "N"};
}
Parameter input_format() {
    return {
        "--format",
        &A::format,
        {"Dạng tệp; không nói thì tự nhận ra", "Form of the file; told by its bytes when absent"},
        Need::kOptional,
        {},
        "F"};
}
Parameter encoding() {
    return {"--encoding",    &A::encoding, {"Bảng mã của tệp", "Encoding of the file"},
            Need::kOptional, {},           "E"};
}
Parameter sheet() {
    return {"--sheet",
            &A::sheet,
            {"Trang của bảng tính: tên hoặc số thứ tự; không nói thì trang hợp với hợp đồng",
             "Sheet of a workbook: name or number; when absent, the one that fits the contract"},
            Need::kOptional,
            {},
            "S"};
}
Parameter entry() {
    return {"--entry",
            &A::entry,
            {"Tệp nào trong tệp zip: tên hoặc số thứ tự", "Which file of a zip: name or number"},
            Need::kOptional,
            {},
            "NAME"};
}
Parameter fix() {
    return {"--fix",
            &A::fix,
            {"Sửa những gì sửa được chắc chắn, và theo cách đã chấp nhận lần trước",
             "Mend what can be mended safely, and as was accepted before"}};
}

Parameter accept() {
    return {"--accept",
            &A::accept,
            {"Các cách sửa được đề nghị, cách nhau bằng dấu phẩy: date:born,drop_total",
             "Fixes that were offered, parted by commas: date:born,drop_total"},
            Need::kOptional,
            {},
            "CODE"};
}

Parameter again() {
    return {"--again",
            &A::again,
            {"Nạp thêm lần nữa một tệp sự kiện đã nạp", "Append a file that was appended before"}};
}

Parameter idempotency_key() {
    return {"--idempotency-key",
            &A::idempotency_key,
            {"Gửi lại với cùng khóa không tạo thay đổi thứ hai",
             "Sending again under the same key changes nothing"},
            Need::kOptional,
            {},
            "K"};
}
const Phrase kFileOrInput{"Tệp, hoặc - cho đầu vào chuẩn", "The file, or - for standard input"};

std::vector<Command> of_node() {
    return {
        {"init",
         {"Tạo một nút trong thư mục dữ liệu", "Make a node in the data directory"},
         "nguon init --member VN/GOV/BCA --name-vi \"Bộ Công an\"",
         init,
         {{"--member",
           &A::member,
           {"Mã thành viên: nước/lớp/mã", "Member identifier: instance/class/code"},
           Need::kRequired,
           {},
           "VN/GOV/BCA"},
          {"--name-vi",
           &A::name_vi,
           {"Tên tiếng Việt", "Vietnamese name"},
           Need::kOptional,
           {},
           "T"},
          {"--name-en", &A::name_en, {"Tên tiếng Anh", "English name"}, Need::kOptional, {}, "T"}}},
        {"serve",
         {"Phục vụ qua HTTP đến khi dừng", "Serve over HTTP until stopped"},
         "nguon serve --public 0.0.0.0:8080",
         serve,
         {{"--public",
           &A::public_address,
           {"Cổng công khai; cổng 0: tự chọn", "Public listener; port 0 takes a free one"},
           Need::kOptional,
           {},
           "H:P"},
          {"--internal",
           &A::internal_address,
           {"Cổng nội bộ, cần mã truy cập", "Internal listener, asks for the token"},
           Need::kOptional,
           {},
           "H:P"},
          {"--federation",
           &A::federation,
           {"Cổng liên nút, hoặc off", "Listener for other nodes, or off"},
           Need::kOptional,
           {},
           "H:P|off"}}},
        {"doctor",
         {"Khám máy và thư mục dữ liệu: sai gì, sửa thế nào",
          "Examine the machine and the data directory: what is wrong, what to do"},
         "nguon doctor",
         doctor,
         {{"--public",
           &A::public_address,
           {"Cổng công khai sẽ dùng", "The public listener that is meant"},
           Need::kOptional,
           {},
           "H:P"},
          {"--internal",
           &A::internal_address,
           {"Cổng nội bộ sẽ dùng", "The internal listener that is meant"},
           Need::kOptional,
           {},
           "H:P"}}},
    };
}

std::vector<Command> of_contracts() {
    return {
        {"apply",
         {"Áp dụng hợp đồng dữ liệu: tất cả hoặc không gì cả",
          "Apply data contracts, all or nothing"},
         "nguon apply packs/administrative-units",
         apply,
         {{"FILE",
           &A::paths,
           {"Tệp hợp đồng, hoặc thư mục có contracts/*.yaml",
            "Contract files, or folders with contracts/*.yaml"},
           Need::kRequired}}},
        {"pack install",
         {"Cài một gói: hợp đồng, rồi dữ liệu của nó",
          "Install a pack: its contracts, then its data"},
         "nguon pack install packs/administrative-units",
         install_pack,
         {{"PACK", &A::folder, {"Thư mục của gói", "The pack's folder"}, Need::kRequired}}},
        {"contract",
         {"In hợp đồng của một bộ dữ liệu", "Print a dataset's contract"},
         "nguon contract administrative.ward --as xlsx -o ward.xlsx",
         show_contract,
         {dataset(),
          {"--as",
           &A::as,
           {"Dạng của tài liệu; xlsx là biểu mẫu Excel để điền",
            "Form of the document; xlsx is an Excel template to fill in"},
           Need::kOptional,
           {"odcs", "source", "json-schema", "table-schema", "csvw", "xlsx", "markdown", "html"}},
          {"--version",
           &A::version,
           {"Một phiên bản trước", "An earlier version"},
           Need::kOptional,
           {},
           "V"},
          {"--lang",
           &A::lang,
           {"Tiếng của tên và lời giải thích; không nói thì theo LANG",
            "Language of names and explanations; by LANG when absent"},
           Need::kOptional,
           {"vi", "en"}},
          {"-o,--output",
           &A::output,
           {"Ghi vào tệp này", "Write to this file"},
           Need::kOptional,
           {},
           "F"}}},
        {"contract import",
         {"Hợp đồng đầu tiên từ một mô tả có sẵn: Frictionless, CSVW, SQL CREATE TABLE",
          "A first contract from a description: Frictionless, CSVW, SQL CREATE TABLE"},
         "nguon contract import schema.sql -o office.yaml",
         import_contract,
         {file(kFileOrInput),
          {"--from",
           &A::source,
           {"Dạng của tệp; không nói thì tự nhận ra",
            "Form of the file; told by its content when absent"},
           Need::kOptional,
           {"table-schema", "datapackage", "csvw", "sql"}},
          {"--domain",
           &A::domain,
           {"Miền của hợp đồng; không nói thì theo tệp",
            "Domain of the contract; by the file when absent"},
           Need::kOptional,
           {},
           "D"},
          {"-o,--output",
           &A::output,
           {"Ghi hợp đồng vào tệp này", "Write the contract to this file"},
           Need::kOptional,
           {},
           "C"}}},
    };
}

std::vector<Command> of_batches() {
    return {
        {"load",
         {"Nạp một tệp; dòng không đạt được để riêng", "Load a file; rows that fail are set aside"},
         "nguon load population.person persons.csv",
         load,
         {dataset(),
          file(kFileOrInput),
          {"--mode",
           &A::mode,
           {"Cách nạp; không nói thì theo hợp đồng",
            "How rows enter; as the contract says when absent"},
           Need::kOptional,
           {"upsert", "append", "snapshot"}},
          input_format(),
          encoding(),
          sheet(),
          entry(),
          fix(),
          accept(),
          {"--confirm-deletes",
           &A::confirm_deletes,
           {"Xác nhận snapshot xóa đúng bấy nhiêu dòng, như lời từ chối đã nêu",
            "Confirm that a snapshot deletes so many rows, as its refusal said"},
           Need::kOptional,
           {},
           "N"},
          again(),
          idempotency_key()}},
        {"check",
         {"Xem và kiểm tra một tệp mà không nạp; không cần nút",
          "Look at a file without loading it; needs no node"},
         "nguon check persons.csv --write-contract persons.yaml",
         check,
         {file(kFileOrInput),
          input_format(),
          encoding(),
          sheet(),
          entry(),
          {"--contract",
           &A::contract,
           {"Kiểm tra theo hợp đồng này", "Check against this contract"},
           Need::kOptional,
           {},
           "C"},
          {"--schema",
           &A::schema,
           {"Bảng nào của hợp đồng; không nói thì theo tên tệp",
            "Which schema of it; by the file's name when absent"},
           Need::kOptional,
           {},
           "S"},
          fix(),
          accept(),
          {"-o,--output",
           &A::output,
           {"Ghi tệp đã sửa ra đây, CSV UTF-8; cần --contract",
            "Write the mended file here, as UTF-8 CSV; needs --contract"},
           Need::kOptional,
           {},
           "OUT"},
          {"--write-contract",
           &A::write_contract,
           {"Ghi một hợp đồng đầu tiên cho tệp", "Write a first contract for the file"},
           Need::kOptional,
           {},
           "C"},
          {"--write-rows",
           &A::write_rows,
           {"Ghi bảng như đã đọc, dạng CSV UTF-8", "Write the table as read, as UTF-8 CSV"},
           Need::kOptional,
           {},
           "OUT.csv"}}},
        {"quarantine list",
         {"Các lô của một bộ dữ liệu, mới nhất trước", "A dataset's batches, newest first"},
         "nguon quarantine list population.person",
         list_quarantine,
         {dataset(),
          {"--open",
           &A::open,
           {"Chỉ các lô còn dòng chưa sửa", "Only batches with rows not mended yet"}},
          limit({"Nhiều nhất bấy nhiêu lô", "At most so many batches"})}},
        {"quarantine get",
         {"Các dòng để riêng của một lô, kèm lý do",
          "The rows that a batch set aside, with the reasons"},
         "nguon quarantine get 01JD0000000000000000000000 -o rows.csv",
         get_quarantine,
         {batch(),
          {"-o,--output",
           &A::output,
           {"Ghi vào tệp .csv, .parquet hoặc .json", "Write to a .csv, .parquet or .json file"},
           Need::kOptional,
           {},
           "F"},
          {"--format",
           &A::format,
           {"Dạng, khi tên tệp không nói", "Form, when the file's name does not say"},
           Need::kOptional,
           {"json", "csv", "parquet"}}}},
        {"quarantine resubmit",
         {"Gửi lại các dòng đã sửa", "Send the rows once mended"},
         "nguon quarantine resubmit 01JD0000000000000000000000 rows.csv",
         resubmit,
         {batch(), file(kFileOrInput), input_format(), encoding(), sheet(), entry(), fix(),
          accept(), again(), idempotency_key()}},
        {"delete",
         {"Xóa các dòng theo khóa; lịch sử vẫn còn", "Delete rows by key; history keeps them"},
         "nguon delete population.person 001099000001",
         delete_rows,
         {dataset(),
          {"KEY",
           &A::keys,
           {"Giá trị khóa mã hóa phần trăm, nối bằng dấu phẩy",
            "Key values, percent-encoded, joined by commas"},
           Need::kRequired}}},
    };
}

std::vector<Command> of_reading() {
    return {
        {"datasets",
         {"Các bộ dữ liệu của nút", "The datasets of the node"},
         "nguon datasets",
         list_datasets,
         {}},
        {"get",
         {"Một dòng theo khóa", "One row by its key"},
         "nguon get administrative.province 01",
         get_row,
         {dataset(),
          {"KEY",
           &A::key,
           {"Giá trị khóa mã hóa phần trăm, nối bằng dấu phẩy",
            "Key values, percent-encoded, joined by commas"},
           Need::kRequired},
          as_of()}},
        {"query",
         {"Một câu SELECT trên các bộ dữ liệu", "One SELECT over the datasets"},
         "nguon query \"SELECT count(*) FROM administrative.ward\"",
         query,
         {{"SQL", &A::sql, {"Câu SELECT", "The SELECT"}, Need::kRequired},
          as_of(),
          {"--format",
           &A::format,
           {"Dạng kết quả", "Form of the result"},
           Need::kOptional,
           {"table", "csv", "json", "parquet"}},
          {"--limit-seconds",
           &A::limit_seconds,
           {"Thời gian tối đa, giây", "Time limit in seconds"},
           Need::kOptional,
           {},
           "30"},
          {"--limit-memory",
           &A::limit_memory,
           {"Bộ nhớ tối đa", "Memory limit"},
           Need::kOptional,
           {},
           "1GB"},
          {"--limit-rows",
           &A::limit_rows,
           {"Số dòng tối đa", "Most rows to give"},
           Need::kOptional,
           {},
           "10000"}}},
        {"history",
         {"Các thay đổi của một bộ dữ liệu, theo thứ tự", "A dataset's changes, in order"},
         "nguon history administrative.ward --key 00004",
         history,
         {dataset(),
          {"--key",
           &A::key,
           {"Chỉ của dòng có khóa này", "Only of the row with this key"},
           Need::kOptional,
           {},
           "KEY"},
          {"--from", &A::from, {"Từ số này", "From this number on"}, Need::kOptional, {}, "SEQ"},
          limit({"Nhiều nhất bấy nhiêu thay đổi", "At most so many changes"})}},
        {"verify",
         {"Đối chiếu mọi tệp với những gì đã ký", "Compare every file with what was signed"},
         "nguon verify --public-key public.pem",
         verify,
         {{"DATASET", &A::datasets, {"Chỉ các bộ dữ liệu này", "Only these datasets"}},
          {"--public-key",
           &A::public_key,
           {"Tệp khóa công khai; không nói thì của nút",
            "Public key file; the node's own when absent"},
           Need::kOptional,
           {},
           "PEM"}}},
        {"rebuild",
         {"Dựng lại một khung nhìn từ lịch sử", "Build a view again from history"},
         "nguon rebuild administrative.ward",
         rebuild,
         {dataset(),
          {"--view", &A::view, {"Khung nhìn nào", "Which view"}, Need::kOptional, {}, "lookup"}}},
        {"demo",
         {"Một đất nước nhỏ trên máy này", "A small country on this machine"},
         "nguon demo --once",
         demo,
         {{"--once",
           &A::once,
           {"Tự kết thúc; dòng cuối là JSON", "End by itself; the last line is JSON"}},
          {"--fresh", &A::fresh, {"Bắt đầu lại từ đầu", "Start from nothing"}},
          {"--port-base",
           &A::port_base,
           {"Cộng vào mọi cổng", "Added to every port"},
           Need::kOptional,
           {},
           "N"}}},
        {"version", {"Số phiên bản", "The version"}, "nguon version", version, {}},
    };
}

}  // namespace

const std::vector<Command>& commands() {
    static const std::vector<Command> all = [] {
        std::vector<Command> list = of_node();
        for (auto part : {of_contracts(), of_batches(), of_reading()})
            list.insert(list.end(), part.begin(), part.end());
        return list;
    }();
    return all;
}

const Phrase* summary_of_group(std::string_view name) {
    static constexpr Phrase kPack{"Gói: hợp đồng và dữ liệu của một lĩnh vực",
                                  "Packs: contracts and data of a sector"};
    static constexpr Phrase kQuarantine{"Các dòng không đạt: xem, lấy, gửi lại",
                                        "Rows that failed: list, get, send again"};
    if (name == "pack") return &kPack;
    return name == "quarantine" ? &kQuarantine : nullptr;
}

}  // namespace nguon::cli
