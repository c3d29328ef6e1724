// Every sentence of the command line, Vietnamese and English side by side. Texts of single commands
// and parameters are with them in commands.cc.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/text.h"

namespace nguon::cli {

// A sentence in both languages, with the same places for values: the compiler checks that.
struct Phrase {
    std::string_view vi, en;

    consteval Phrase(const char* vietnamese, const char* english) : vi(vietnamese), en(english) {
        if (places(vi) != places(en) || vi.empty() || en.empty())
            throw "both languages, the same places";
    }
    constexpr std::string_view in(Language language) const {
        return language == Language::kVietnamese ? vi : en;
    }

private:
    static consteval int places(std::string_view text) {
        int count = 0;
        for (const char c : text)
            count += c == '{' ? 1 : 0;
        return count;
    }
};

template <class... Values>
std::string say(Language language, const Phrase& phrase, const Values&... values) {
    return fmt::format(fmt::runtime(phrase.in(language)), values...);
}
template <class... Values>
Text both(const Phrase& phrase, const Values&... values) {
    return {fmt::format(fmt::runtime(phrase.vi), values...),
            fmt::format(fmt::runtime(phrase.en), values...)};
}

namespace words {

// Help
inline constexpr Phrase kTagline{"Nguồn: nền tảng dữ liệu quốc gia trong một chương trình.",
                                 "Nguồn: a national data platform in one program."};
inline constexpr Phrase kUsage{"Cách dùng", "Usage"};
inline constexpr Phrase kUsageLine{"nguon LỆNH … [--data DIR] [--json]",
                                   "nguon COMMAND … [--data DIR] [--json]"};
inline constexpr Phrase kOptions{"Tùy chọn", "Options"};
inline constexpr Phrase kCommands{"Lệnh", "Commands"};
inline constexpr Phrase kArguments{"Tham số", "Arguments"};
inline constexpr Phrase kExample{"Ví dụ", "Example"};
inline constexpr Phrase kRequired{"bắt buộc", "required"};
inline constexpr Phrase kHelpOfHelp{"Hướng dẫn của lệnh này", "Help on this command"};
inline constexpr Phrase kHelpOfData{"Thư mục dữ liệu; không có thì NGUON_DATA, rồi ./nguon-data",
                                    "Data directory; else NGUON_DATA, else ./nguon-data"};
inline constexpr Phrase kHelpOfJson{"In đúng một đối tượng JSON, kể cả khi lỗi",
                                    "Print exactly one JSON object, also on failure"};
inline constexpr Phrase kHelpOfVersion{"Số phiên bản", "The version"};
inline constexpr Phrase kMoreHelp{"nguon LỆNH --help cho từng lệnh.",
                                  "nguon COMMAND --help for each command."};

// Usage errors
inline constexpr Phrase kNoCommand{"Chưa có lệnh nào.", "There is no command."};
inline constexpr Phrase kMissing{"Thiếu {}.", "{} is missing."};
inline constexpr Phrase kUnknown{"Không hiểu «{}».", "\"{}\" is not understood."};
inline constexpr Phrase kNoValue{"{} cần một giá trị, mà tiếp theo là {}.",
                                 "{} needs a value, and {} comes next."};
inline constexpr Phrase kWithEquals{
    "Viết giá trị ngay sau {}; giá trị bắt đầu bằng -- thì viết {}={}.",
    "Write the value after {}; one that begins with -- as {}={}."};
inline constexpr Phrase kNotAValue{"«{}» không dùng được cho {}.", "\"{}\" cannot be used for {}."};
inline constexpr Phrase kOneOf{"Chọn một trong: {}.", "Choose one of: {}."};
inline constexpr Phrase kNotUnderstood{"Dòng lệnh chưa đúng. Chi tiết (tiếng Anh): {}",
                                       "The command line is wrong: {}"};
inline constexpr Phrase kNeedsValue{"{} cần một giá trị.", "{} needs a value."};
inline constexpr Phrase kValueAfter{"Viết giá trị ngay sau {}. Xem: {} --help",
                                    "Write the value after {}. See: {} --help"};
inline constexpr Phrase kWholeNumber{"Viết một số nguyên, như 100. Xem: {} --help",
                                     "Write a whole number, such as 100. See: {} --help"};
inline constexpr Phrase kOnlyOnce{"{} được ghi {} lần.", "{} is there {} times."};
inline constexpr Phrase kKeepOneOf{"Giữ một {}.", "Keep one {}."};
inline constexpr Phrase kDidYouMean{"Có phải là «{}»? Xem: {} --help",
                                    "Did you mean \"{}\"? See: {} --help"};
inline constexpr Phrase kLineColumn{"dòng {}, cột {}", "line {}, column {}"};
inline constexpr Phrase kSeeHelp{"Xem: {} --help", "See: {} --help"};
inline constexpr Phrase kJsonOrFormat{"--json không đi cùng --format {}.",
                                      "--json does not go with --format {}."};
inline constexpr Phrase kDropOne{"Bỏ một trong hai.", "Leave out one of them."};
inline constexpr Phrase kBadKey{
    "Khóa «{}» có dấu % không theo sau bởi hai chữ số thập lục phân.",
    "The key \"{}\" has a % that two hexadecimal digits do not follow."};
inline constexpr Phrase kEncodeKey{"Viết % là %25 và dấu phẩy trong giá trị là %2C.",
                                   "Write % as %25 and a comma within a value as %2C."};
inline constexpr Phrase kEmptyKey{"Khóa trống.", "The key is empty."};
inline constexpr Phrase kNotYet{"{} chưa có trong phiên bản này.",
                                "{} is not in this version yet."};
inline constexpr Phrase kFederationOff{"Dùng --federation off.", "Use --federation off."};

// Files
inline constexpr Phrase kNoFile{"Không có tệp {}.", "There is no file {}."};
inline constexpr Phrase kNotAFile{"{} không phải là tệp.", "{} is not a file."};
inline constexpr Phrase kCheckPath{"Kiểm tra lại đường dẫn.", "Check the path."};
inline constexpr Phrase kGiveFile{"Chỉ ra một tệp, hoặc - để đọc từ đầu vào chuẩn.",
                                  "Name a file, or - for standard input."};
inline constexpr Phrase kNoFolder{"Không ghi được {}: không có thư mục {}.",
                                  "{} cannot be written: there is no folder {}."};
inline constexpr Phrase kMakeFolder{"Tạo thư mục trước, hoặc chọn chỗ khác.",
                                    "Make the folder first, or choose another place."};
inline constexpr Phrase kFolderClosed{"Không ghi được {}: không có quyền ghi vào {}.",
                                      "{} cannot be written: {} is not ours to write in."};
inline constexpr Phrase kOtherFolder{"Chọn thư mục khác cho tệp ra.",
                                     "Choose another folder for the output."};
inline constexpr Phrase kCannotWrite{"Không ghi được {}.", "{} cannot be written."};
inline constexpr Phrase kCheckSpace{"Kiểm tra quyền và chỗ trống trên đĩa.",
                                    "Check the permissions and the space on the disk."};
inline constexpr Phrase kCannotPrint{"Không ghi được kết quả ra đầu ra chuẩn.",
                                     "The result could not be written to standard output."};
inline constexpr Phrase kNoContracts{"{} không có hợp đồng nào (*.yaml).",
                                     "{} has no contract (*.yaml)."};
inline constexpr Phrase kWhereContracts{"Đặt chúng trong {}/contracts.",
                                        "Put them into {}/contracts."};
inline constexpr Phrase kNotAPack{"{} không phải là gói: không có {}.",
                                  "{} is not a pack: there is no {}."};
inline constexpr Phrase kPackIs{"Gói là một thư mục có pack.yaml, contracts/ và data/.",
                                "A pack is a folder with pack.yaml, contracts/ and data/."};
inline constexpr Phrase kNotFetched{
    "Dữ liệu của gói không nằm sẵn trong gói và chưa được tải về: {}.",
    "The rows of this pack are not part of it, and have not been fetched yet: {}."};
inline constexpr Phrase kFetchFirst{
    "Chạy lệnh này trong thư mục gốc của Nguồn (cần mạng), rồi cài lại: {}",
    "Run this in Nguồn's own folder (needs the network), then install again: {}"};
inline constexpr Phrase kNoSchemaFor{"Không hợp đồng nào của gói có bảng cho {}.",
                                     "No contract of the pack has a schema for {}."};
inline constexpr Phrase kNameAsSchema{"Đặt tên tệp theo tên bảng: data/<tên bảng>.csv.",
                                      "Name the file after its schema: data/<schema>.csv."};
inline constexpr Phrase kTwoFilesFor{"Có hai tệp dữ liệu cho {}: {} và {}.",
                                     "There are two data files for {}: {} and {}."};
inline constexpr Phrase kKeepOne{"Giữ lại một tệp.", "Keep one of them."};

// Node
inline constexpr Phrase kNodeMade{"Đã tạo nút {} tại {}", "Made node {} in {}"};
inline constexpr Phrase kKeyId{"Mã khóa ký", "Signing key"};
inline constexpr Phrase kNext{"Tiếp theo", "Next"};
inline constexpr Phrase kServing{
    "Đang phục vụ. Cổng công khai http://{}, nội bộ http://{}. Ctrl-C để dừng.",
    "Serving. Public http://{}, internal http://{}. Ctrl-C to stop."};
inline constexpr Phrase kWaiting{"Tiến trình {} đang giữ thư mục; đợi nhiều nhất {} giây.",
                                 "Process {} holds the folder; waiting up to {} s."};
inline constexpr Phrase kNodeSilent{
    "Nút phục vụ {} (tiến trình {}) không trả lời trong 10 giây.",
    "The node that serves {} (process {}) does not answer within 10 s."};
inline constexpr Phrase kWakeNode{
    "Xem nó có bị dừng không (kill -CONT {}) hay quá tải, rồi thử lại.",
    "See whether it is stopped (kill -CONT {}) or overloaded, then try again."};
inline constexpr Phrase kStrangeAnswer{"Nút trả lời không đúng dạng.",
                                       "The node's answer is not of the form agreed."};
inline constexpr Phrase kSameVersion{"Kiểm tra nút và lệnh cùng phiên bản.",
                                     "See that node and command are of the same version."};

// Contracts
inline constexpr Phrase kCreated{"mới", "created"};
inline constexpr Phrase kUnchanged{"không đổi", "unchanged"};
inline constexpr Phrase kCompatible{"tương thích", "compatible"};
inline constexpr Phrase kBreaking{"phá vỡ", "breaking"};
inline constexpr Phrase kKeptOnly{"{}: được giữ, không được chạy: {}",
                                  "{}: kept, not acted on: {}"};
// After a difference that breaks: who must adapt.
inline constexpr Phrase kForReaders{" (bên dùng phải sửa)", " (readers must adapt)"};
inline constexpr Phrase kForSenders{" (bên gửi phải sửa)", " (senders must adapt)"};
inline constexpr Phrase kForBoth{" (bên gửi và bên dùng phải sửa)",
                                 " (senders and readers must adapt)"};

// Receipts
inline constexpr Phrase kRowsLine{"{} dòng đọc · {} nhận · {} để riêng",
                                  "Rows: {} read · {} accepted · {} set aside"};
inline constexpr Phrase kChangesLine{"{} thêm · {} sửa · {} xóa · {} giữ nguyên",
                                     "{} inserted · {} updated · {} deleted · {} unchanged"};
inline constexpr Phrase kMended{"Đã sửa {} ô và bỏ {} dòng; bản gốc được giữ cùng lô",
                                "{} cells mended and {} rows left out; the originals are kept"};
inline constexpr Phrase kDamagedBeside{
    "{} dòng không tách được không có trong tệp đã sửa; chúng ở nguyên văn trong {}. Sửa tay rồi "
    "nạp.",
    "{} records that cannot be taken apart are not in the mended file; they stand as they were in "
    "{}. "
    "Mend them by hand, then load them."};
inline constexpr Phrase kCanBeMended{"Sửa được bằng máy:", "Can be mended:"};
inline constexpr Phrase kWhenSure{"nếu đúng vậy:", "if so:"};
inline constexpr Phrase kWholeRefused{"Cả lô bị từ chối; không dòng nào được nhận.",
                                      "The whole batch was refused; no row entered."};
inline constexpr Phrase kSeenBefore{"Đã nhận trước đây; không có gì thay đổi.",
                                    "Accepted before; nothing changed."};
inline constexpr Phrase kSameFile{"Tệp này đã nạp lúc {} (lô {}); không có gì thay đổi.",
                                  "This file was loaded at {} (batch {}); nothing changed."};
inline constexpr Phrase kSameFileChanged{
    "Tệp này đã nạp lúc {} (lô {}); lần này có thay đổi.",
    "This file was loaded at {} (batch {}); this time it changed rows."};
inline constexpr Phrase kConfirmDeletes{"Nếu đúng là phải xóa {} dòng đó:",
                                        "If those {} rows are to go:"};
inline constexpr Phrase kConfirmMissing{"Nếu đúng là phải mất các giá trị đó:",
                                        "If those values are to go:"};
inline constexpr Phrase kConfirmAgain{"Nếu đúng là nạp thêm lần nữa:", "If it is to enter again:"};
inline constexpr Phrase kReplaceBatch{"Để tệp đã sửa thay cho lô đã nạp:",
                                      "To put the mended file in the place of that batch:"};
inline constexpr Phrase kReplaced{"Thay cho lô {}, trong đó {} dòng còn nguyên",
                                  "In the place of batch {}, of which {} rows still stood"};
inline constexpr Phrase kClosed{"Đã đóng {} dòng để riêng; còn {} dòng chờ sửa",
                                "{} rows set aside were closed; {} still wait"};
inline constexpr Phrase kClosesEarlier{"{} dòng để riêng từ trước nay đã xong",
                                       "{} rows that were set aside before are done with now"};
inline constexpr Phrase kBatch{"Lô {} · {}", "Batch {} · {}"};
inline constexpr Phrase kCorrects{"sửa cho lô {}", "corrects batch {}"};
inline constexpr Phrase kCorrected{"Đã sửa {} trong {} dòng để riêng của lô {}; còn {}",
                                   "Mends {} of the {} rows set aside by batch {}; {} left"};
inline constexpr Phrase kMendsNone{"Không sửa thêm dòng nào để riêng của lô {}; còn {}",
                                   "Mends no further row set aside by batch {}; {} left"};
inline constexpr Phrase kNoneLeft{"Mọi dòng để riêng của lô {} đã được sửa trước đó.",
                                  "Every row set aside by batch {} had been mended before."};
inline constexpr Phrase kSetAside{"Dòng để riêng", "Rows set aside"};

inline constexpr Phrase kExampleRow{"ví dụ dòng dữ liệu {}: {}", "such as row {}: {}"};
inline constexpr Phrase kExampleValue{"ví dụ: {}", "such as: {}"};
inline constexpr Phrase kExampleRowOnly{"ví dụ dòng dữ liệu {}", "such as row {}"};
inline constexpr Phrase kMoreRules{"và {} luật nữa", "and {} more rules"};
inline constexpr Phrase kOneMoreRule{"và {} luật nữa", "and {} more rule"};
inline constexpr Phrase kMoreRemarks{"và {} lưu ý nữa", "and {} more remarks"};
inline constexpr Phrase kOneMoreRemark{"và {} lưu ý nữa", "and {} more remark"};
inline constexpr Phrase kFailures{"{} lần không đạt", "{} failures"};
inline constexpr Phrase kOneFailure{"{} lần không đạt", "{} failure"};
inline constexpr Phrase kAccurate{"Đúng", "Accurate"};
inline constexpr Phrase kComplete{"Đủ", "Complete"};
inline constexpr Phrase kClean{"Sạch", "Clean"};
inline constexpr Phrase kLive{"Sống", "Live"};
inline constexpr Phrase kNotScored{"chưa chấm", "not scored"};
inline constexpr Phrase kNotPromised{"không cam kết", "nothing promised"};
inline constexpr Phrase kNeverLoaded{"chưa có dữ liệu", "no data yet"};
inline constexpr Phrase kStandingRows{"{} dòng đang có · {} dòng còn để riêng",
                                      "{} rows stand · {} still set aside"};
inline constexpr Phrase kCourse{"Diễn biến", "Course"};
inline constexpr Phrase kCourseSince{"{} điểm từ {}", "{} points since {}"};
inline constexpr Phrase kAsOfLine{"tính đến {}", "as of {}"};
inline constexpr Phrase kWhyOverall{"Vì sao không phải 100", "Why it is not 100"};
inline constexpr Phrase kWhyOf{"Vì sao {} không phải 100", "Why {} is not 100"};
inline constexpr Phrase kNothingLost{"Không mất điểm nào.", "No point is lost."};
inline constexpr Phrase kRestOfPoints{"và các nguyên nhân khác", "and other causes"};
inline constexpr Phrase kAlsoFound{"Cũng cần xem (không trừ điểm)",
                                   "Also to look at (costs no points)"};
inline constexpr Phrase kGoodWord{"Tốt", "Good"};
inline constexpr Phrase kUsable{"Dùng được", "Usable"};
inline constexpr Phrase kCareful{"Cần lưu ý", "Use with care"};
inline constexpr Phrase kPoor{"Chưa nên dùng", "Not ready for use"};

inline constexpr Phrase kQuestion{
    "Sửa như vậy? [c]ó, [k]hông, [t]ất cả, [d]ừng lại; mặc định không: ",
    "Mend it so? [y]es, [n]o, [a]ll, [q]uit; no by default: "};
inline constexpr Phrase kOfCells{"{} ô", "cells: {}"};
inline constexpr Phrase kNothingLoaded{"Đã dừng; chưa nạp gì.", "Stopped; nothing was loaded."};

// Reading
inline constexpr Phrase kRowCount{"{} dòng", "{} rows"};
inline constexpr Phrase kOneRow{"{} dòng", "{} row"};
inline constexpr Phrase kTruncated{"Chỉ là phần đầu; --limit-rows N cho nhiều hơn.",
                                   "Only the first part; --limit-rows N gives more."};
inline constexpr Phrase kNoChanges{"Chưa có thay đổi nào.", "There are no changes."};
inline constexpr Phrase kMoreChanges{"Còn nữa: --from {}", "There is more: --from {}"};
inline constexpr Phrase kSeq{"Số", "Seq"};
inline constexpr Phrase kOp{"Việc", "Change"};
inline constexpr Phrase kAt{"Lúc", "At"};
inline constexpr Phrase kBatchHead{"Lô", "Batch"};
inline constexpr Phrase kKey{"Khóa", "Key"};
inline constexpr Phrase kRowHead{"Dòng", "Row"};
inline constexpr Phrase kInsert{"thêm", "insert"};
inline constexpr Phrase kUpdate{"sửa", "update"};
inline constexpr Phrase kDelete{"xóa", "delete"};

// Datasets
inline constexpr Phrase kNoDatasets{"Chưa có tập dữ liệu nào; thêm bằng: nguon apply HỢP-ĐỒNG",
                                    "There are no datasets; add some with: nguon apply CONTRACT"};
inline constexpr Phrase kTitle{"Tên", "Title"};
inline constexpr Phrase kVersion{"Phiên bản", "Version"};
inline constexpr Phrase kAccess{"Truy cập", "Access"};
inline constexpr Phrase kScore{"Điểm", "Score"};

// Quarantine
inline constexpr Phrase kNoBatches{"Chưa có lô nào.", "There are no batches."};
inline constexpr Phrase kRead{"Đọc", "Read"};
inline constexpr Phrase kAccepted{"Nhận", "Accepted"};
inline constexpr Phrase kAside{"Để riêng", "Set aside"};
inline constexpr Phrase kOpenHead{"Chưa sửa", "Open"};
inline constexpr Phrase kMendedOfThese{"{} dòng trong số này đã được sửa; còn {}.",
                                       "Of these rows {} are mended already; {} left."};
inline constexpr Phrase kOpenRows{"Còn {} dòng chưa sửa. Xem: nguon quarantine get {}",
                                  "Rows not mended yet: {}. See them: nguon quarantine get {}"};
inline constexpr Phrase kNoneOpen{"Mọi dòng để riêng đều đã được sửa hoặc đóng.",
                                  "Every row set aside has been mended or closed."};
inline constexpr Phrase kNoOpenBatches{"Không lô nào còn dòng chưa sửa.",
                                       "No batch has rows that wait to be mended."};
inline constexpr Phrase kStatus{"Kết quả", "Result"};
inline constexpr Phrase kIn{"đã nhận", "accepted"};
inline constexpr Phrase kRefused{"từ chối", "refused"};
inline constexpr Phrase kColumn{"Cột", "Column"};
inline constexpr Phrase kRule{"Luật", "Rule"};
inline constexpr Phrase kValue{"Giá trị", "Value"};
inline constexpr Phrase kReason{"Lý do", "Reason"};
inline constexpr Phrase kNothingAside{"Lô {} không để riêng dòng nào.",
                                      "Batch {} set no row aside."};
inline constexpr Phrase kMendedBy{"Đã sửa ở lô", "Mended by"};
inline constexpr Phrase kOriginal{"Trước", "Before"};
inline constexpr Phrase kAfter{"Sau", "After"};
inline constexpr Phrase kFixHead{"Cách sửa", "Fix"};
inline constexpr Phrase kNothingFixed{"Lô {} không sửa ô nào.", "Batch {} changed no cell."};
inline constexpr Phrase kMoreFixed{
    "Còn {} ô. Lấy tất cả: nguon quarantine get {} --fixed -o {}.csv",
    "{} more. All of them: nguon quarantine get {} --fixed -o {}.csv"};
inline constexpr Phrase kOpenOrFixed{"--open và --fixed không dùng cùng nhau.",
                                     "--open and --fixed do not go together."};
inline constexpr Phrase kMoreEntries{"Còn {} mục. Lấy tất cả: nguon quarantine get {} -o {}.csv",
                                     "{} more. All of them: nguon quarantine get {} -o {}.csv"};
inline constexpr Phrase kWritten{"Đã ghi {} ({})", "Wrote {} ({})"};
inline constexpr Phrase kMendThenSend{
    "Lấy ra tệp để sửa: nguon quarantine get {} -o sai.csv\n"
    "Sửa xong gửi lại: nguon quarantine resubmit {} sai.csv",
    "A file to mend: nguon quarantine get {} -o wrong.csv\n"
    "Mended, send it: nguon quarantine resubmit {} wrong.csv"};
inline constexpr Phrase kMendInPlace{
    "Sửa ngay trong tệp, rồi gửi lại: nguon quarantine resubmit {} {}",
    "Mend the rows in the file, then send it: nguon quarantine resubmit {} {}"};
inline constexpr Phrase kOpening{"Đang mở bằng {}.", "Opening it with {}."};
inline constexpr Phrase kNotOpened{
    "Không mở được tệp từ đây. Mở {} bằng Excel hay LibreOffice, sửa rồi lưu.",
    "The file cannot be opened from here. Open {} in Excel or LibreOffice, mend it and save it."};
inline constexpr Phrase kThereAlready{"Tệp {} đã có, không lấy lại.",
                                      "{} is there already; it was not fetched again."};
inline constexpr Phrase kOpenIsCsv{"--open mở tệp CSV để sửa, không đi cùng {}.",
                                   "--open opens a CSV file to mend; it does not go with {}."};

// Verify
inline constexpr Phrase kIntact{
    "Nguyên vẹn. {} tập dữ liệu, {} đoạn, {} dòng, tất cả đúng với chữ ký.",
    "Intact. Datasets: {}, segments: {}, rows: {}; all match what was signed."};
inline constexpr Phrase kDamaged{"Không còn nguyên vẹn. Số chỗ không khớp với những gì đã ký: {}",
                                 "Not intact. Places that differ from what was signed: {}"};
inline constexpr Phrase kFit{"Máy và thư mục dữ liệu đều ổn.",
                             "The machine and the data directory are fit."};
inline constexpr Phrase kFindings{"Sai: {}, cần để ý: {}", "Wrong: {}, to be looked at: {}"};
inline constexpr Phrase kSegments{"Đoạn", "Segments"};
inline constexpr Phrase kRows{"Dòng", "Rows"};
inline constexpr Phrase kHead{"Đầu chuỗi", "Head of chain"};
inline constexpr Phrase kDataset{"Tập dữ liệu", "Dataset"};
inline constexpr Phrase kChanged{"đã bị thay đổi", "was changed"};
inline constexpr Phrase kGone{"bị mất", "is missing"};
inline constexpr Phrase kReordered{"sai thứ tự", "is out of order"};
inline constexpr Phrase kBadSignature{"chữ ký không đúng", "has a bad signature"};

// Check
inline constexpr Phrase kType{"Kiểu", "Type"};
inline constexpr Phrase kFilled{"Đủ", "Filled"};
inline constexpr Phrase kDistinct{"Khác nhau", "Distinct"};
inline constexpr Phrase kSheets{"Trang (số dòng)", "Sheets (rows)"};
inline constexpr Phrase kFilesInside{"Tệp trong zip", "Files in the zip"};
inline constexpr Phrase kLists{"Danh sách trong JSON (số dòng)", "Lists in the JSON (rows)"};
inline constexpr Phrase kTables{"Các bảng (số dòng)", "Tables (rows)"};
inline constexpr Phrase kLine{"dòng {} của tệp", "line {}"};
inline constexpr Phrase kSpread{"Thấy gì trong cột", "What is in it"};
inline constexpr Phrase kTypeText{"chữ", "text"};
inline constexpr Phrase kTypeInteger{"số nguyên", "whole"};
inline constexpr Phrase kTypeNumber{"số", "number"};
inline constexpr Phrase kTypeBoolean{"có/không", "yes/no"};
inline constexpr Phrase kTypeDate{"ngày", "date"};
inline constexpr Phrase kTypeTimestamp{"thời điểm", "moment"};
inline constexpr Phrase kTypeTime{"giờ", "time"};
inline constexpr Phrase kMarkKey{"khóa", "key"};
inline constexpr Phrase kOfCitizen{"căn cước", "citizen no."};
inline constexpr Phrase kOfOldCitizen{"CMND", "identity card"};
inline constexpr Phrase kOfPhone{"điện thoại", "phone"};
inline constexpr Phrase kOfEmail{"e-mail", "e-mail"};
inline constexpr Phrase kOfTax{"mã số thuế", "tax code"};
inline constexpr Phrase kOfPlate{"biển số xe", "plate"};
inline constexpr Phrase kOfBank{"tài khoản", "bank account"};
inline constexpr Phrase kOfName{"họ tên", "name"};
inline constexpr Phrase kOfAddress{"địa chỉ", "address"};
inline constexpr Phrase kOfBirth{"ngày sinh", "birth date"};
inline constexpr Phrase kOfPassport{"hộ chiếu", "passport"};
inline constexpr Phrase kOfHealth{"thẻ BHYT", "health card"};
inline constexpr Phrase kToProvince{"mã tỉnh", "province codes"};
inline constexpr Phrase kToWard{"mã xã", "commune codes"};
inline constexpr Phrase kToFormerProvince{"mã tỉnh cũ", "old province codes"};
inline constexpr Phrase kToFormerDistrict{"mã huyện cũ", "old district codes"};
inline constexpr Phrase kToFormerWard{"mã xã cũ", "old commune codes"};
inline constexpr Phrase kDelimitedBy{"ngăn bằng {}", "delimited by {}"};
inline constexpr Phrase kSure{"chắc {}%", "{}% sure"};
inline constexpr Phrase kTableLines{"bảng ở dòng {}–{} của tệp", "table in lines {}–{}"};
inline constexpr Phrase kColumnCount{"{} cột", "{} columns"};
inline constexpr Phrase kOneColumn{"{} cột", "{} column"};
inline constexpr Phrase kMoreColumns{"và {} cột nữa ({}); tất cả: --json",
                                     "and {} more columns ({}); all of them: --json"};
inline constexpr Phrase kMoreFindings{"và {} điều nữa; tất cả: --json",
                                      "and {} more; all of them: --json"};
inline constexpr Phrase kPersonalColumns{
    "{} cột có vẻ là dữ liệu cá nhân ({}): không để truy cập mở, và ghi classification: restricted "
    "trong hợp đồng.",
    "{} columns look like personal data ({}): keep them from open access, with classification: "
    "restricted in the contract."};
inline constexpr Phrase kRenamed{"Số cột nhận dưới tên khác: {}", "Columns under another name: {}"};
inline constexpr Phrase kWouldMend{"Sửa được {} ô và bỏ {} dòng.",
                                   "{} cells mended and {} rows left out."};
inline constexpr Phrase kNotJudged{
    "Chưa đối chiếu {} với {}: cần thư mục của nút có danh mục ấy (--data).",
    "{} was not held against {}: that needs the folder of a node with that list (--data)."};
inline constexpr Phrase kContractFile{"hop-dong.yaml", "contract.yaml"};
inline constexpr Phrase kUnreadable{"{} dòng không đạt", "Rows that do not pass: {}"};
inline constexpr Phrase kNotUtf8{"không phải UTF-8", "not UTF-8"};
inline constexpr Phrase kOverInput{"{} là chính tệp đang kiểm tra; nó không bị ghi đè.",
                                   "{} is the file being checked; it is not written over."};
inline constexpr Phrase kOtherName{"Chọn tên khác cho tệp ra.",
                                   "Choose another name for the output."};
inline constexpr Phrase kAllReadable{"Mọi dòng đọc được; chưa có hợp đồng để chấm.",
                                     "Every row can be read; there is no contract to judge it by."};
inline constexpr Phrase kWouldBeRefused{
    "Khi nạp, cả tệp sẽ bị từ chối; chưa dòng nào được kiểm tra.",
    "A load would refuse the whole file; no row was judged."};
inline constexpr Phrase kAllPass{"Mọi dòng đều đạt.", "Every row passes."};

// Contracts in other forms
inline constexpr Phrase kNoTerminal{"Dạng {} là một tệp, không in ra được.",
                                    "The form {} is a file that cannot be printed."};
inline constexpr Phrase kGiveOutput{"Thêm -o TỆP.", "Add -o FILE."};
inline constexpr Phrase kImported{"{} từ {}: {}", "{} from {}: {}"};
inline constexpr Phrase kNotTaken{"Chưa vào hợp đồng, hoặc vào khác đi:",
                                  "Not in the contract, or said otherwise:"};
inline constexpr Phrase kAtLine{"dòng {}", "line {}"};

// Views
inline constexpr Phrase kRebuilt{"Đã dựng lại {}: {} trong {}", "Rebuilt {}: {} in {}"};

// Backups
inline constexpr Phrase kBackedUp{"Đã sao lưu vào {}: {} tệp mới ({}), {} tệp đã có",
                                  "Backed up to {}: {} new files ({}), {} there already"};
inline constexpr Phrase kBackupId{"Mã bản sao lưu: {}", "Backup id: {}"};
inline constexpr Phrase kKeyKept{
    "Khoá đã cất ở {}. Giữ thêm một bản ở nơi khác: không có khoá thì không khôi phục được.",
    "The key is kept in {}. Keep another copy elsewhere: without it nothing can be restored."};
inline constexpr Phrase kKeyNotKept{
    "Khoá nằm ở keys/backup.key của nút. Cất một bản ở nơi khác: không có khoá thì không khôi "
    "phục được.",
    "The key is the node's keys/backup.key. Keep a copy elsewhere: without it nothing can be "
    "restored."};
inline constexpr Phrase kBackup{"Bản sao lưu", "Backup"};
inline constexpr Phrase kFiles{"Tệp", "Files"};
inline constexpr Phrase kSize{"Cỡ", "Size"};
inline constexpr Phrase kBackupsSound{"{} bản sao lưu còn nguyên vẹn: {} tệp, {}",
                                      "{} backups are whole: {} files, {}"};
inline constexpr Phrase kBackupsDamaged{"{} chỗ hỏng trong {} bản sao lưu",
                                        "{} faults in {} backups"};
inline constexpr Phrase kRestored{"Đã khôi phục vào {}: {} tệp, {}, như lúc {}",
                                  "Restored into {}: {} files, {}, as of {}"};
inline constexpr Phrase kRestoredVerified{
    "Mọi tệp khớp mã băm và chữ ký: {} tập dữ liệu, {} dòng.",
    "Every file fits its hash and signature: {} datasets, {} rows."};
inline constexpr Phrase kOneNode{
    "Nút cũ không được chạy nữa: hai nút cùng một khoá sẽ ghi hai lịch sử khác nhau.",
    "The node that was must not run any more: two nodes with one key write two histories."};
inline constexpr Phrase kDrilled{"Diễn tập đạt: khôi phục {} trong {}, trả lời lần đầu sau {}",
                                 "The drill passed: {} restored in {}, first answer after {}"};
inline constexpr Phrase kDrillFailed{"Diễn tập không đạt", "The drill failed"};
inline constexpr Phrase kDrillRows{"{}: đếm được {}, phải là {}", "{}: {} counted, should be {}"};
inline constexpr Phrase kPruned{"Đã bỏ {} bản sao lưu và {} mảnh; còn {} bản",
                                "Took away {} backups and {} pieces; {} backups stay"};

// Erasure
inline constexpr Phrase kErased{"Đã xóa {}: {} thay đổi trong lịch sử, {} dòng để riêng.",
                                "Erased {}: {} changes of history, {} rows set aside."};
inline constexpr Phrase kErasedBackups{
    "Bản sao lưu cũ vẫn còn: sao lưu lại, rồi bỏ các bản trước bằng «nguon backup prune».",
    "Old backups still have it: back up again, then `nguon backup prune` those before."};

// Progress
inline constexpr Phrase kStepBackup{"sao lưu", "backing up"};
inline constexpr Phrase kStepRestore{"khôi phục", "restoring"};
inline constexpr Phrase kWorking{"đang làm", "working"};
inline constexpr Phrase kStepRead{"đọc và kiểm tra", "reading"};
inline constexpr Phrase kStepCheck{"kiểm tra", "checking"};
inline constexpr Phrase kStepCompare{"so sánh", "comparing"};
inline constexpr Phrase kStepSeal{"niêm phong", "sealing"};
inline constexpr Phrase kStepView{"dựng khung nhìn", "building the view"};
inline constexpr Phrase kStepVerify{"đối chiếu", "verifying"};
inline constexpr Phrase kPerSecond{"{}/giây", "{}/s"};

}  // namespace words
}  // namespace nguon::cli
