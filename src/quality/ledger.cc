#include "quality/ledger.h"

#include <algorithm>
#include <cmath>

#include "quality/score.h"

namespace nguon::quality {
namespace {

using contract::Dimension;

constexpr std::array kDimensions{Dimension::kAccurate, Dimension::kComplete, Dimension::kClean,
                                 Dimension::kLive};

// Less of a row than this is what fading and rounding leave over: nothing.
constexpr double kNothing = 0.005;
// Factors below this are multiplied in, long before a double runs out.
constexpr double kSmallFactor = 1e-60;

const json::value* member(const json::value& value, std::string_view name) {
    return value.is_object() ? value.get_object().if_contains(name) : nullptr;
}

std::string text(const json::value& value, std::string_view name) {
    const json::value* found = member(value, name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

double number(const json::value* value) {
    return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

std::int64_t whole(const json::value& receipt, std::string_view group, std::string_view name) {
    const json::value* found = member(receipt, group);
    const json::value* count = found == nullptr ? nullptr : member(*found, name);
    return count != nullptr && count->is_int64() ? count->get_int64() : 0;
}

Faults read_faults(const json::value* value) {
    Faults faults;
    if (value == nullptr) return faults;
    for (const Dimension dimension : kDimensions) {
        faults.by[static_cast<std::size_t>(dimension)] =
            number(member(*value, contract::name_of(dimension)));
    }
    faults.any = number(member(*value, "any"));
    return faults;
}

// As whole numbers where they are: halves come of warnings only.
json::value short_number(double value) {
    if (value == std::floor(value)) return static_cast<std::int64_t>(value);
    return value;
}

json::object written(const Faults& faults) {
    json::object answer{{"any", short_number(faults.any)}};
    for (const Dimension dimension : kDimensions) {
        const double count = faults.by[static_cast<std::size_t>(dimension)];
        if (count > 0) answer[contract::name_of(dimension)] = short_number(count);
    }
    return answer;
}

// Of a receipt that has scores only: what they lack of 100, all of it held against the rows that
// were set aside.
Faults faults_by_scores(const json::value& receipt, std::int64_t read, std::int64_t rejected) {
    Faults faults;
    const json::value* scores = member(receipt, "scores");
    if (scores == nullptr || rejected == 0) return faults;
    for (const Dimension dimension : kDimensions) {
        const json::value* score = member(*scores, contract::name_of(dimension));
        if (score == nullptr || !score->is_number()) continue;
        const double lost = (100.0 - score->to_number<double>()) / 100.0;
        faults.by[static_cast<std::size_t>(dimension)] =
            std::min(lost * static_cast<double>(read), static_cast<double>(rejected));
    }
    faults.any = static_cast<double>(rejected);
    return faults;
}

}  // namespace

Faults& Faults::operator+=(const Faults& other) {
    for (std::size_t i = 0; i < by.size(); ++i)
        by[i] += other.by[i];
    any += other.any;
    return *this;
}

Faults& Faults::operator-=(const Faults& other) {
    for (std::size_t i = 0; i < by.size(); ++i)
        by[i] = std::max(0.0, by[i] - other.by[i]);
    any = std::max(0.0, any - other.any);
    return *this;
}

Faults& Faults::operator*=(double factor) {
    for (double& count : by)
        count *= factor;
    any *= factor;
    return *this;
}

json::object faults_json(const Faults& aside, const Faults& entered, bool has_live_rules) {
    return {
        {"aside", written(aside)}, {"entered", written(entered)}, {"live_rules", has_live_rules}};
}

Result<BatchFacts> facts_of(const json::value& receipt) {
    BatchFacts facts;
    facts.id = text(receipt, "batch");
    const Result<Micros> at = parse_time(text(receipt, "at"));
    if (facts.id.empty() || !at) {
        return fail(Code::kCorrupt, {"Biên nhận không đọc được.", "A receipt cannot be read."},
                    {"Chạy `nguon verify`.", "Run `nguon verify`."});
    }
    facts.at = *at;
    facts.corrects = text(receipt, "corrects");
    if (const json::value* replaces = member(receipt, "replaces");
        replaces != nullptr && replaces->is_object())  // all that it set aside went with it
        facts.corrects = text(*replaces, "batch");
    facts.mode = contract::mode_from_name(text(receipt, "mode")).value_or(contract::Mode::kUpsert);
    facts.read = whole(receipt, "rows", "read");
    facts.rejected = whole(receipt, "rows", "rejected");
    facts.inserted = whole(receipt, "changes", "inserted");
    facts.updated = whole(receipt, "changes", "updated");
    facts.deleted = whole(receipt, "changes", "deleted");
    facts.unchanged = whole(receipt, "changes", "unchanged");
    facts.last_seq = whole(receipt, "seq", "last");
    // What it mended of the other batch, and what it could not.
    if (const json::value* corrected = member(receipt, "corrected");
        corrected && !corrected->is_null())
        facts.sent_again = whole(receipt, "corrected", "rows") + facts.rejected;
    const json::value* scores = member(receipt, "scores");
    facts.judged = scores != nullptr && scores->is_object() && !scores->get_object().empty();
    if (const json::value* faults = member(receipt, "faults")) {
        facts.aside = read_faults(member(*faults, "aside"));
        facts.entered = read_faults(member(*faults, "entered"));
        const json::value* live = member(*faults, "live_rules");
        facts.has_live_rules = live != nullptr && live->is_bool() && live->get_bool();
    } else {
        facts.aside = faults_by_scores(receipt, facts.read, facts.rejected);
    }
    if (const json::value* newest = member(receipt, "newest"); newest && newest->is_object()) {
        for (const auto& column : newest->get_object()) {
            if (!column.value().is_string()) continue;
            const Result<Micros> moment = parse_time(column.value().get_string());
            if (moment) facts.newest[std::string(column.key())] = *moment;
        }
    }
    return facts;
}

json::object to_json(const Scores& scores) {
    const auto value = [](const std::optional<double>& score) {
        return score ? json::value(*score) : json::value(nullptr);
    };
    return {{"overall", value(scores.overall)},
            {"accurate", value(scores.accurate)},
            {"complete", value(scores.complete)},
            {"clean", value(scores.clean)},
            {"live", value(scores.live)}};
}

// What stood before counts less by the part that this batch sent again or deleted.
void Ledger::fade(double aside, double entered) {
    m_aside *= aside;
    m_rows_aside *= aside;
    m_entered *= entered;
    m_aside_factor *= aside;
    m_entered_factor *= entered;
    if (m_aside_factor >= kSmallFactor && m_entered_factor >= kSmallFactor) return;
    for (Entry& entry : m_entries) {
        entry.aside *= m_aside_factor;
        entry.rows_aside *= m_aside_factor;
        entry.entered *= m_entered_factor;
    }
    m_aside_factor = m_entered_factor = 1;
    std::erase_if(m_entries, [](const Entry& entry) {
        return entry.rows_aside + entry.aside.any + entry.entered.any < kNothing;
    });
    m_place.clear();
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        m_place[m_entries[i].batch] = i;
}

double Ledger::take_from(Entry& entry, double rows) {
    const double held = entry.rows_aside * m_aside_factor;
    if (held <= 0 || rows <= 0) return 0;
    const double taken = std::min(held, rows);
    const double part = taken == held ? 1 : taken / held;
    Faults gone = entry.aside;
    gone *= part;
    entry.aside -= gone;
    entry.rows_aside *= 1 - part;
    gone *= m_aside_factor;
    m_aside -= gone;
    m_rows_aside = std::max(0.0, m_rows_aside - taken);
    return taken;
}

// Rows sent again as a correction leave the batch that set them aside, or one that corrected it:
// they count with the new batch, whatever became of them. The answer: how many were taken.
double Ledger::take_over(const std::string& batch, double rows) {
    double taken = 0;
    std::vector<std::string> family{batch};
    for (std::size_t i = 0; i < family.size() && taken < rows; ++i) {
        const auto place = m_place.find(family[i]);
        if (place != m_place.end()) taken += take_from(m_entries[place->second], rows - taken);
        const auto children = m_children.find(family[i]);
        if (children == m_children.end()) continue;
        family.insert(family.end(), children->second.begin(), children->second.end());
    }
    return taken;
}

void Ledger::add(const BatchFacts& facts) {
    const auto resent = static_cast<double>(facts.updated + facts.unchanged);
    const auto replaced = resent + static_cast<double>(facts.deleted);
    const auto standing = static_cast<double>(m_standing);
    if (facts.mode == contract::Mode::kSnapshot &&
        facts.corrects.empty()) {  // the whole truth: nothing before it counts
        fade(0, 0);
    } else if (m_standing > 0 && replaced > 0) {
        fade(1 - std::min(1.0, resent / standing), 1 - std::min(1.0, replaced / standing));
    }
    if (!facts.corrects.empty()) {
        (void)take_over(facts.corrects, static_cast<double>(facts.sent_again.value_or(facts.read)));
        m_children[facts.corrects].push_back(facts.id);
    }
    if (facts.rejected > 0 || facts.aside.any > 0 || facts.entered.any > 0) {
        Entry entry{facts.id, static_cast<double>(facts.rejected), facts.aside, facts.entered};
        m_aside += entry.aside;
        m_entered += entry.entered;
        m_rows_aside += entry.rows_aside;
        entry.aside *= 1 / m_aside_factor;
        entry.rows_aside /= m_aside_factor;
        entry.entered *= 1 / m_entered_factor;
        m_place[facts.id] = m_entries.size();
        m_entries.push_back(std::move(entry));
    }
    m_standing = std::max<std::int64_t>(0, m_standing + facts.inserted - facts.deleted);
    m_last_at = facts.at;
    for (const auto& [column, moment] : facts.newest) {
        Micros& newest = m_newest[column];
        newest = std::max(newest, moment);
    }
    m_live_rules = facts.has_live_rules.value_or(m_live_rules);
    m_any = true;
}

double Ledger::rows() const {
    return static_cast<double>(m_standing) + (m_rows_aside < kNothing ? 0 : m_rows_aside);
}

Scores Ledger::scores(std::optional<double> freshness) const {
    Scores scores;
    scores.live = freshness;
    const double lost = freshness ? (100 - *freshness) * kFreshnessShare : 0;
    if (!m_any) {
        if (freshness) scores.overall = cut_score(100 - lost, lost > 0);
        return scores;
    }
    Faults faults = m_aside;
    faults += m_entered;
    const double all = rows();
    const auto share = [&](double count) {
        const double failed = count < kNothing || all <= 0 ? 0 : std::min(1.0, count / all);
        return 100 * (1 - failed);
    };
    const auto score = [&](Dimension dimension) {
        const double count = faults.by[static_cast<std::size_t>(dimension)];
        return cut_score(share(count), count >= kNothing);
    };
    scores.accurate = score(Dimension::kAccurate);
    scores.complete = score(Dimension::kComplete);
    scores.clean = score(Dimension::kClean);
    if (m_live_rules) {
        const double by_rules = score(Dimension::kLive);
        scores.live = std::min(freshness.value_or(100), by_rules);
    }
    scores.overall = cut_score(share(faults.any) - lost, faults.any >= kNothing || lost > 0);
    return scores;
}

std::vector<OpenFaults> Ledger::open() const {
    std::vector<OpenFaults> open;
    for (const Entry& entry : m_entries) {
        OpenFaults one{entry.batch, entry.rows_aside * m_aside_factor, entry.aside, entry.entered};
        one.aside *= m_aside_factor;
        one.entered *= m_entered_factor;
        if (one.aside.any + one.entered.any >= kNothing) open.push_back(std::move(one));
    }
    return open;
}

}  // namespace nguon::quality
