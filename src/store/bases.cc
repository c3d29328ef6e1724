#include "store/bases.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/sha256.h"
#include "store/internal/view_columns.h"
#include "store/key.h"
#include "store/merge.h"
#include "store/read.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kExtension = ".parquet";
constexpr std::size_t kMarkDigits = 16;
constexpr int kFormat = 1;

// Of the history up to `seq`; nothing when no segment ends there.
std::optional<std::string> mark_of(const DatasetInfo& dataset,
                                   const std::vector<SegmentInfo>& segments, Seq seq) {
    crypto::Sha256 sha;
    sha.update(fmt::format("{}\n{}", kFormat, view_columns(dataset.contract)));
    Seq last = 0;
    for (const SegmentInfo& segment : segments) {
        if (segment.last > seq) break;
        sha.update(segment.sha256);
        last = segment.last;
    }
    if (last != seq) return std::nullopt;
    return sha.finish_hex().substr(0, kMarkDigits);
}

struct Named {
    std::string dataset;
    Bases::Base base;
};

// "<dataset>.<seq>.<mark>.parquet", where a dataset's name has dots of its own.
std::optional<Named> parse_name(std::string_view name) {
    if (!name.ends_with(kExtension)) return std::nullopt;
    name.remove_suffix(kExtension.size());
    const std::size_t mark = name.rfind('.');
    if (mark == name.npos || name.size() - mark - 1 != kMarkDigits) return std::nullopt;
    const std::size_t seq = name.rfind('.', mark - 1);
    if (seq == name.npos || seq == 0) return std::nullopt;
    Named named;
    named.dataset = name.substr(0, seq);
    named.base.mark = name.substr(mark + 1);
    const auto [end, error] =
        std::from_chars(name.data() + seq + 1, name.data() + mark, named.base.seq);
    if (error != std::errc() || end != name.data() + mark || named.base.seq < 1)
        return std::nullopt;
    return named;
}

// By its ends: what is cut short is thrown away and made again.
bool is_whole(Disk& disk, const fs::path& path) {
    constexpr std::string_view kMagic = "PAR1";
    const Result<std::unique_ptr<File>> file = disk.open(path, OpenMode::kRead);
    if (!file) return false;
    const Result<std::uint64_t> size = (*file)->size();
    std::array<char, 4> first{}, last{};
    return size && *size > 2 * kMagic.size() && (*file)->read_at(0, first) &&
           (*file)->read_at(*size - kMagic.size(), last) &&
           std::string_view(first.data(), first.size()) == kMagic &&
           std::string_view(last.data(), last.size()) == kMagic;
}

Result<void> sync(Disk& disk, const fs::path& path) {
    TRY_ASSIGN(const std::unique_ptr<File> file, disk.open(path, OpenMode::kReadWrite));
    return file->sync();
}

}  // namespace

void Bases::load() {
    if (m_loaded) return;
    m_loaded = true;
    const Result<std::vector<std::string>> names = m_disk.list(m_folder);
    if (!names) return;
    for (const std::string& name : *names) {
        std::optional<Named> named = parse_name(name);
        if (!named) continue;
        named->base.path = m_folder / name;
        m_bases[named->dataset].push_back(std::move(named->base));
    }
    for (auto& [dataset, bases] : m_bases)
        std::ranges::sort(bases, {}, &Base::seq);
}

std::optional<Bases::Base> Bases::nearest(const DatasetInfo& dataset,
                                          const std::vector<SegmentInfo>& segments, Seq upto) {
    std::vector<Base> bases;
    {
        const std::lock_guard lock(m_mutex);
        load();
        const auto found = m_bases.find(dataset.contract.name);
        if (found == m_bases.end()) return std::nullopt;
        bases = found->second;
    }
    for (auto base = bases.rbegin(); base != bases.rend(); ++base) {
        if (base->seq > upto) continue;
        if (mark_of(dataset, segments, base->seq) == base->mark && is_whole(m_disk, base->path))
            return *base;
    }
    return std::nullopt;
}

Result<Bases::Base> Bases::make(const DatasetInfo& dataset,
                                const std::vector<SegmentInfo>& segments, std::size_t kept,
                                const fs::path& scratch, Anew anew) {
    const std::string& name = dataset.contract.name;
    Base base;
    base.seq = segments.back().last;
    base.mark = mark_of(dataset, segments, base.seq).value_or("");
    base.path = m_folder / fmt::format("{}.{}.{}{}", name, base.seq, base.mark, kExtension);
    TRY(m_disk.make_folders(m_folder));
    std::vector<SegmentInfo> read = segments;
    const auto before =
        anew == Anew::kYes ? std::nullopt : nearest(dataset, segments, base.seq - 1);
    if (before) read = behind(*before, read);
    {
        ReadOptions options;
        options.temporary_folder = scratch.string() + ".spill";
        TRY_ASSIGN(const auto duck, open_reader(options));
        const std::string order =
            dataset.contract.key().empty() ? "_seq" : key_order_sql(dataset.contract);
        TRY(duck->query_integer(fmt::format(
            "COPY (SELECT * FROM ({}) ORDER BY {}) TO {} (FORMAT parquet, COMPRESSION zstd, "
            "COMPRESSION_LEVEL 1)",
            current_view(dataset, read, base.seq, WithSeq::kYes).sql, order,
            sql::quote_literal(scratch.string()))));
        TRY(m_disk.remove_folder(options.temporary_folder));
    }
    TRY(sync(m_disk, scratch));
    TRY(m_disk.rename(scratch, base.path));
    TRY(m_disk.sync_folder(m_folder));
    const std::lock_guard lock(m_mutex);
    load();
    std::vector<Base>& bases = m_bases[name];
    std::erase_if(bases, [&](const Base& one) { return one.path == base.path; });
    bases.push_back(base);
    std::ranges::sort(bases, {}, &Base::seq);
    while (bases.size() > std::max<std::size_t>(kept, 1)) {
        (void)m_disk.remove(bases.front().path);
        bases.erase(bases.begin());
    }
    return base;
}

void Bases::forget(std::string_view dataset) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_bases.find(dataset); found != m_bases.end()) m_bases.erase(found);
}

std::vector<SegmentInfo> behind(const Bases::Base& base, std::vector<SegmentInfo> segments) {
    std::erase_if(segments, [&](const SegmentInfo& segment) { return segment.last <= base.seq; });
    SegmentInfo first;
    first.is_base = true;
    first.path = base.path;
    first.last = base.seq;
    segments.insert(segments.begin(), std::move(first));
    return segments;
}

}  // namespace nguon::store
