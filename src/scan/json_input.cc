// JSON: lines of objects, so that damage never passes its line; a document that holds a list of
// objects; GeoJSON. Members become text fields by name.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>

#include "base/json.h"
#include "scan/internal/formats.h"
#include "scan/internal/json_cut.h"
#include "scan/internal/json_fields.h"
#include "scan/internal/json_layout.h"

namespace nguon::scan {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

class JsonInput final : public RecordInput {
public:
    JsonInput(JsonLayout layout, JsonFields fields, std::unique_ptr<ByteStream> stream,
              std::string head, Encoding encoding)
        : m_layout(std::move(layout)),
          m_fields(std::move(fields)),
          m_encoding(encoding),
          m_met(m_fields.names().size(), 0),
          m_cutter(m_layout.place),
          m_head(std::move(head)),
          m_buffer(std::move(stream), m_layout.format == Format::kJsonLines ? m_head : "") {}

    Format format() const override { return m_layout.format; }
    Contents contents() const override {
        Contents contents;
        contents.lists = m_layout.lists;
        contents.member = shown(m_layout.place);
        if (!m_layout.place && !m_layout.lists.empty()) contents.member = kWholeDocument;
        contents.no_records = !m_has_records;
        const std::lock_guard lock(m_lock);
        contents.members = in_order(m_spare);
        contents.more_members = m_has_more;
        return contents;
    }
    Encoding encoding() const override { return m_encoding; }
    Compression compression() const override { return m_buffer.stream().compression(); }
    const std::vector<std::string>& names() const override { return m_fields.names(); }
    std::uint64_t consumed() const override { return m_buffer.stream().consumed(); }
    std::uint64_t size() const override { return m_buffer.stream().size(); }
    std::string sha256() override { return m_buffer.stream().sha256(); }

    Result<bool> next(Block& block) override {
        TRY_ASSIGN(const bool more,
                   m_layout.format == Format::kJsonLines ? next_lines(block) : next_cut(block));
        if (!more) return false;
        block.number = m_number++;
        m_has_records = m_has_records || !trim(block.bytes).empty();
        return true;
    }

    void split(Block& block) const override {
        block.width = m_fields.names().size();
        JsonFields::Reader reader(m_fields);
        std::string_view rest = block.bytes;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view line = trim(rest.substr(0, end));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            if (!line.empty()) read_line(line, reader, block);
        }
        keep(reader, block.number);
        const std::lock_guard lock(m_met_lock);
        const std::vector<char> met = reader.met();
        std::ranges::transform(met, m_met, m_met.begin(), std::bit_or<char>());
    }

    std::optional<Text> why_damaged(std::string_view record) const override {
        JsonFields::Reader reader(m_fields);
        std::vector<std::string_view> fields(m_fields.names().size());
        std::deque<std::string> arena;
        if (reader.read(record, fields, arena) || reader.given_twice().empty()) return std::nullopt;
        return Text{
            fmt::format("«{}» có hai giá trị trong một bản ghi; chỉ giữ một", reader.given_twice()),
            fmt::format("\"{}\" has two values in one record; keep one", reader.given_twice())};
    }

    std::vector<std::string> names_not_met() const override {
        const std::lock_guard lock(m_met_lock);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < m_met.size(); ++i) {
            if (m_met[i] == 0) names.push_back(m_fields.names()[i]);
        }
        return names;
    }

private:
    Result<bool> next_lines(Block& block) {
        if (m_buffer.ended()) return false;
        for (;;) {
            TRY_ASSIGN(const std::size_t size, m_buffer.fill(block.bytes));
            if (m_buffer.ended()) break;
            const void* line = memrchr(block.bytes.data(), '\n', size);
            if (line != nullptr) {
                const auto end = static_cast<std::size_t>(static_cast<const char*>(line) + 1 -
                                                          block.bytes.data());
                m_buffer.carry(block.bytes, end);
                break;
            }
            if (size > kLongestJsonRecord) {
                return fail(
                    Code::kInvalid,
                    {"Một dòng JSON dài quá 16 MB.", "A line of JSON is longer than 16 MB."},
                    {"Viết mỗi đối tượng trên một dòng.", "Write one object on each line."});
            }
            m_buffer.carry(block.bytes, 0);
        }
        block.last = m_buffer.ended();
        return true;
    }

    Result<bool> next_cut(Block& block) {
        if (m_ended) return false;
        TRY(m_cutter.feed(std::exchange(m_head, {})));
        std::string chunk(kBlockBytes, '\0');
        while (!m_ended && m_cutter.ready() < kBlockBytes) {
            TRY_ASSIGN(const std::size_t got, m_buffer.stream().read(chunk));
            m_ended = got < chunk.size();
            TRY(m_cutter.feed(std::string_view(chunk).substr(0, got)));
        }
        if (m_ended) {
            TRY(m_cutter.end());
        }
        block.bytes = m_cutter.take();
        block.last = m_ended;
        return true;
    }

    void read_line(std::string_view line, JsonFields::Reader& reader, Block& block) const {
        const std::size_t first = block.fields.size();
        block.fields.resize(first + block.width);
        block.numbers.resize(block.fields.size());
        unsigned flags = text_flags(line);
        if (flags == 0) {
            const std::span fields = std::span(block.fields).subspan(first);
            if (!reader.read(line, fields, block.arena, std::span(block.numbers).subspan(first))) {
                flags = kNotAnObject;
                std::ranges::fill(fields, std::string_view());
            }
        }
        block.texts.push_back(line);
        block.flags.push_back(static_cast<unsigned char>(flags));
    }

    // By path: where it was met first.
    struct Met {
        std::pair<std::uint64_t, std::size_t> place;
        bool nothing = true;
    };
    using Spare = std::map<std::string, Met>;

    void keep(const JsonFields::Reader& reader, std::uint64_t block) const {
        const std::vector<SpareMember> members = reader.spare();
        if (members.empty() && !reader.has_more()) return;
        const std::lock_guard lock(m_lock);
        m_has_more = m_has_more || reader.has_more();
        for (std::size_t i = 0; i < members.size(); ++i) {
            auto known = m_spare.find(members[i].path);
            if (known == m_spare.end() && m_spare.size() == kMostMembers) {
                m_has_more = true;
                continue;
            }
            const Met met{{block, i}, members[i].nothing};
            if (known == m_spare.end()) known = m_spare.emplace(members[i].path, met).first;
            known->second.place = std::min(known->second.place, met.place);
            known->second.nothing = known->second.nothing && met.nothing;
        }
    }

    static std::vector<SpareMember> in_order(const Spare& spare) {
        std::vector<const Spare::value_type*> order;
        for (const auto& member : spare)
            order.push_back(&member);
        std::ranges::sort(order, {}, [](const auto* member) { return member->second.place; });
        std::vector<SpareMember> members;
        for (const auto* member : order)
            members.push_back({member->first, member->second.nothing});
        return members;
    }

    const JsonLayout m_layout;
    const JsonFields m_fields;
    const Encoding m_encoding;
    mutable std::mutex m_met_lock;
    mutable std::vector<char> m_met;  // of each name, whether a record split so far had it
    JsonCutter m_cutter;
    std::string m_head;
    BlockBuffer m_buffer;
    bool m_ended = false, m_has_records = false;
    std::uint64_t m_number = 0;
    mutable std::mutex m_lock;  // of what follows: records are read by several threads
    mutable Spare m_spare;
    mutable bool m_has_more = false;
};

// The same text once more, from its beginning.
Result<std::unique_ptr<JsonInput>> read_again(const JsonLayout& layout, const AgainBytes& again) {
    TRY_ASSIGN(auto stream, again());
    std::string head(kHeadBytes, '\0');
    TRY_ASSIGN(const std::size_t got, stream->read(head));
    head.resize(got);
    if (head.starts_with(kMark)) head.erase(0, kMark.size());
    return std::make_unique<JsonInput>(layout, JsonFields({}, layout.geo), std::move(stream),
                                       std::move(head), Encoding::kUtf8);
}

// The first record, however long it is.
Result<std::string> first_record(const JsonLayout& layout, const std::string& head,
                                 const AgainBytes& again) {
    std::string lines = head;
    if (layout.format != Format::kJsonLines) {
        JsonCutter cutter(layout.place);
        (void)cutter.feed(head);
        lines = cutter.take();
    }
    if (lines.find('\n') == std::string::npos && head.size() + kMark.size() >= kHeadBytes) {
        TRY_ASSIGN(const auto input, read_again(layout, again));
        Block block;
        TRY(input->next(block));
        lines = std::move(block.bytes);
    }
    return lines.substr(0, lines.find('\n'));
}

// The paths of the members that the records have. Where a member is an object in some and nothing
// in others, those inside of it are meant.
std::vector<std::string> names_of(const std::vector<SpareMember>& members, Geo geo) {
    std::set<std::string> sorted;
    for (const SpareMember& member : members)
        sorted.insert(member.path);
    std::vector<std::string> names;
    for (const SpareMember& member : members) {
        const std::string inside = member.path + ".";
        const auto next = sorted.lower_bound(inside);
        const bool has_inner = next != sorted.end() && next->starts_with(inside);
        if (!member.nothing || !has_inner) names.push_back(member.path);
    }
    if (geo == Geo::kNo || names.empty()) return names;
    constexpr std::string_view kGeometry = "geometry";
    const auto id = std::ranges::find(names, "id");
    if (id != names.end()) std::rotate(names.begin(), id, id + 1);
    std::erase(names, kGeometry);
    names.emplace_back(kGeometry);
    return names;
}

// Reads all records for the members that they have; the block after is read while one is split.
Result<Contents> look_through(const JsonLayout& layout, const AgainBytes& again) {
    TRY_ASSIGN(const auto input, read_again(layout, again));
    std::array<Block, 2> blocks;  // never moved: fields point into them
    Result<bool> more = input->next(blocks[0]);
    for (std::size_t at = 0; more && *more; at = 1 - at) {
        if (blocks[at].last) {  // and most files are of one block
            input->split(blocks[at]);
            break;
        }
        std::future<Result<bool>> next = std::async(std::launch::async, [&input, &blocks, at] {
            blocks[1 - at] = Block();
            return input->next(blocks[1 - at]);
        });
        input->split(blocks[at]);
        more = next.get();
    }
    if (!more) return std::unexpected(more.error());
    return input->contents();
}

}  // namespace

Result<std::unique_ptr<RecordInput>> open_json(InputOptions options,
                                               std::unique_ptr<ByteStream> stream, std::string head,
                                               Encoding encoding, const AgainBytes& again) {
    const bool whole = head.size() < kHeadBytes;
    if (head.starts_with(kMark)) head.erase(0, kMark.size());
    JsonLayout layout;
    if (options.format != Format::kJsonLines) {
        TRY_ASSIGN(layout, json_layout(head, whole, options, again));
    }
    // Features in lines or in a plain list.
    TRY_ASSIGN(const std::string first, first_record(layout, head, again));
    const Result<json::value> record = parse_json(trim(first));
    if (record && is_feature(*record)) layout.geo = Geo::kFeatures;
    if (options.columns.empty()) {
        TRY_ASSIGN(const Contents contents, look_through(layout, again));
        options.columns = names_of(contents.members, layout.geo);
        if (options.columns.empty() && !contents.no_records) {
            if (layout.damage) return std::unexpected(*layout.damage);
            return fail(Code::kInvalid,
                        {"JSON không có đối tượng nào đọc được.",
                         "There is no object in the JSON that can be read."},
                        {"Gửi một danh sách đối tượng: [{\"ma\": 1}, …].",
                         "Send a list of objects: [{\"id\": 1}, …]."});
        }
    }
    JsonFields fields(options, layout.geo);
    return std::make_unique<JsonInput>(std::move(layout), std::move(fields), std::move(stream),
                                       std::move(head), encoding);
}

}  // namespace nguon::scan
