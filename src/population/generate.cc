#include "population/generate.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string_view>

#include "population/people.h"
#include "population/places.h"
#include "population/sample.h"

namespace nguon::population {
namespace {

// Duplicates are copies of rows kept here: a uniform sample of the right rows so far.
constexpr std::size_t kDuplicateSources = 4096;

constexpr std::array<std::string_view, 5> kTruthHeader = {"row", "kind", "column", "original",
                                                          "planted"};

struct Source {
    std::uint64_t number = 0;
    Row row;
};

void write_truth(CsvWriter& truth, const Planted& planted) {
    const FaultShare& share = share_of(planted.kind);
    const std::string number = fmt::format("{}", planted.row);
    truth.write(std::array<std::string_view, 5>{number, share.name, column_name(share.column),
                                                planted.original, planted.planted});
}

class Run {
public:
    Run(const Options& options, const Places& places)
        : m_options(options),
          m_places(places),
          m_inhabitants(places, options.seed),
          m_planter(places, m_inhabitants),
          m_random(options.seed, 2),
          m_sources(kDuplicateSources, options.seed, 3) {
        if (options.corrections) {
            m_corrections = std::make_unique<Corrections>(options.rows, options.seed);
        }
        m_summary.rows = options.rows;
    }

    std::expected<Summary, Error> operator()() {
        if (auto done = write_people(); !done) return std::unexpected(done.error());
        if (auto done = write_corrections(); !done) return std::unexpected(done.error());
        return m_summary;
    }

private:
    std::expected<void, Error> write_people() {
        auto out = CsvWriter::create(m_options.out);
        if (!out) return std::unexpected(out.error());
        auto truth = CsvWriter::create(m_options.truth);
        if (!truth) return std::unexpected(truth.error());
        out->write(kColumnNames);
        truth->write(kTruthHeader);
        const bool plant = m_options.faults == Faults::kPlanted;
        FaultPlan plan(m_options.rows, plant ? planned_counts(m_options.rows) : FaultCounts{});
        Row row;
        for (std::uint64_t number = 1; number <= m_options.rows; ++number) {
            const auto kind = plan.next(m_random, !m_sources.empty());
            auto planted = kind == FaultKind::kDuplicate ? copy_earlier(row) : make(kind, row);
            if (kind && !planted) plan.put_back(*kind);
            if (planted) {
                planted->row = number;
                ++m_summary.faults[static_cast<std::size_t>(planted->kind)];
                write_truth(*truth, *planted);
            } else {
                if (plant) m_sources.offer({number, row});
                if (m_corrections) m_corrections->offer_right(row);
            }
            out->write(row.cells);
        }
        if (auto done = out->close(); !done) return done;
        return truth->close();
    }

    std::optional<Planted> copy_earlier(Row& row) {
        Source source = m_sources.take();
        row = std::move(source.row);
        return Planted{0, FaultKind::kDuplicate, fmt::format("row {}", source.number),
                       row[Column::kCitizenId]};
    }

    std::optional<Planted> make(std::optional<FaultKind> kind, Row& row) {
        m_inhabitants.next(row);
        if (!kind) return std::nullopt;
        auto planted = m_planter.plant(*kind, row, m_random);
        if (planted && m_corrections) {
            Row right = row;
            right[share_of(*kind).column] = planted->original;
            m_corrections->offer_faulty(*kind, right);
        }
        return planted;
    }

    std::expected<void, Error> write_corrections() {
        if (!m_corrections) return {};
        auto out = CsvWriter::create(*m_options.corrections);
        if (!out) return std::unexpected(out.error());
        out->write(kColumnNames);
        const auto made = m_corrections->make(m_places, m_inhabitants);
        for (const auto& correction : made)
            out->write(correction.row.cells);
        m_summary.corrections = m_corrections->made();
        if (auto done = out->close(); !done) return done;
        if (!m_options.corrections_truth) return {};
        auto truth = CsvWriter::create(*m_options.corrections_truth);
        if (!truth) return std::unexpected(truth.error());
        truth->write(kTruthHeader);
        for (const auto& correction : made) {
            if (correction.planted) write_truth(*truth, *correction.planted);
        }
        return truth->close();
    }

    const Options& m_options;
    const Places& m_places;
    Inhabitants m_inhabitants;
    FaultPlanter m_planter;
    Random m_random;
    Sample<Source> m_sources;
    std::unique_ptr<Corrections> m_corrections;
    Summary m_summary;
};

}  // namespace

std::expected<Summary, Error> generate(const Options& options) {
    const auto places = Places::open(options.wards, options.former_provinces);
    if (!places) return std::unexpected(places.error());
    return Run(options, *places)();
}

std::string to_json(const Summary& summary) {
    std::uint64_t total = 0;
    std::string kinds;
    for (std::size_t i = 0; i < kFaultKinds; ++i) {
        total += summary.faults[i];
        kinds +=
            fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", kFaultShares[i].name, summary.faults[i]);
    }
    std::string json =
        fmt::format("{{\"rows\":{},\"planted\":{},\"faults\":{{{}}}", summary.rows, total, kinds);
    if (summary.corrections) {
        const CorrectionCounts& c = *summary.corrections;
        json += fmt::format(
            ",\"corrections\":{{\"rows\":{},\"moved\":{},\"renamed\":{},\"toned\":{},"
            "\"repaired\":{},\"newborn\":{},\"identical\":{},\"faulty\":{}}}",
            c.rows, c.moved, c.renamed, c.toned, c.repaired, c.newborn, c.identical, c.faulty);
    }
    return json + "}";
}

}  // namespace nguon::population
