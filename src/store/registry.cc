// Contracts: which datasets there are, what each promises, and the field ids of their columns.
#include <fmt/format.h>

#include <charconv>
#include <set>

#include "base/fail_point.h"
#include "contract/classification.h"
#include "crypto/sha256.h"
#include "store/internal/fields.h"
#include "store/internal/impl.h"
#include "store/internal/version.h"

namespace nguon::store {
namespace {

using contract::Change;
using contract::Contract;
using contract::Dataset;

// One dataset of the call, with what it replaces.
struct Plan {
    const Contract* contract = nullptr;
    const Dataset* dataset = nullptr;
    std::string contract_sha256;
    std::shared_ptr<DatasetState> state;        // null: new
    std::shared_ptr<const DatasetInfo> before;  // null: new
    Applied applied;
};

Error conflict(Text detail, Text fix) {
    return {Code::kConflict, std::move(detail), std::move(fix), {}, {}};
}

// Decides what applying means for one dataset. Errors: conflict; invalid for a new one whose domain
// is a word of SQL: those that stand are asked in quotes.
Result<void> decide(Plan& plan) {
    const std::string& name = plan.dataset->name;
    plan.applied.dataset = name;
    plan.applied.version = plan.dataset->version;
    if (!plan.before) {
        const std::string& domain = plan.dataset->domain;
        if (contract::is_sql_word(domain)) {
            return fail(
                Code::kInvalid,
                {fmt::format("Tên lĩnh vực «{}» là một từ của SQL, câu hỏi không gọi được.",
                             domain),
                 fmt::format("The domain \"{}\" is a word of SQL, by which no query can name it.",
                             domain)},
                {fmt::format("Chọn tên lĩnh vực khác, ví dụ `domain: {}_data`.", domain),
                 fmt::format("Choose another name, such as `domain: {}_data`.", domain)});
        }
        plan.applied.change = Change::kCreated;
        return {};
    }
    const std::string& old_version = plan.state->version;
    const std::string& new_version = plan.dataset->version;
    if (new_version == old_version) {
        if (plan.contract_sha256 == plan.state->contract_sha256) {
            plan.applied.change = Change::kUnchanged;
            return {};
        }
        return std::unexpected(
            conflict({fmt::format("«{}» {} đã được áp dụng với nội dung khác.", name, new_version),
                      fmt::format("\"{}\" {} was applied with another text.", name, new_version)},
                     {"Tăng số phiên bản trong hợp đồng.", "Raise the version in the contract."}));
    }
    const std::array<int, 3> before = version_of(old_version);
    const std::array<int, 3> after = version_of(new_version);
    if (after <= before) {
        return std::unexpected(conflict(
            {fmt::format("«{}» {} cũ hơn phiên bản đang dùng {}.", name, new_version, old_version),
             fmt::format("\"{}\" {} is older than the version in force, {}.", name, new_version,
                         old_version)},
            {"Đặt số phiên bản lớn hơn.", "Give it a higher version."}));
    }
    plan.applied.differences = contract::compare(plan.before->contract, *plan.dataset);
    const bool is_breaking =
        std::any_of(plan.applied.differences.begin(), plan.applied.differences.end(),
                    [](const contract::Difference& d) { return d.breaking; });
    plan.applied.change = is_breaking ? Change::kBreaking : Change::kCompatible;
    if (!is_breaking || after[0] > before[0]) return {};
    Error error = conflict(
        {fmt::format("«{}» {} phá vỡ cam kết của {}.", name, new_version, old_version),
         fmt::format("\"{}\" {} breaks what {} promised.", name, new_version, old_version)},
        {fmt::format("Đặt phiên bản {}.0.0, hoặc bỏ các thay đổi nêu trên.", before[0] + 1),
         fmt::format("Make it version {}.0.0, or undo the differences listed.", before[0] + 1)});
    for (const contract::Difference& difference : plan.applied.differences) {
        if (!difference.breaking) continue;
        error.errors.push_back({plan.contract->file, difference.at.line, difference.at.column,
                                difference.path, difference.what,
                                contract::who_must_adapt(difference.audience)});
    }
    return std::unexpected(std::move(error));
}

// A column that must exist somewhere else.
struct Target {
    std::string dataset, column;
    contract::InFile at;
};

std::vector<Target> targets_of(const Dataset& dataset) {
    std::vector<Target> targets;
    for (const contract::Column& column : dataset.columns) {
        if (!column.reference) continue;
        const contract::Reference& to = *column.reference;
        targets.push_back({to.dataset, to.column, to.at});
    }
    for (const contract::ForeignKey& key : dataset.foreign_keys) {
        for (std::size_t i = 0; i < key.target_columns.size(); ++i) {
            targets.push_back(
                {key.dataset, key.target_columns[i], i < key.at.size() ? key.at[i] : dataset.at});
        }
    }
    return targets;
}

Problem missing_target(const Plan& plan, const Target& target, bool dataset_is_known) {
    Problem problem;
    problem.file = plan.contract->file;
    problem.line = target.at.line;
    problem.column = target.at.column;
    problem.path = target.at.path;
    if (dataset_is_known) {
        problem.problem = {
            fmt::format("«{}» không có cột «{}».", target.dataset, target.column),
            fmt::format("\"{}\" has no column \"{}\".", target.dataset, target.column)};
    } else {
        problem.problem = {fmt::format("Không có tập dữ liệu «{}».", target.dataset),
                           fmt::format("There is no dataset \"{}\".", target.dataset)};
    }
    problem.fix = {
        "Sửa tên, hoặc áp dụng hợp đồng được tham chiếu trước hay cùng lúc.",
        "Correct the name, or apply the contract it refers to before or together with this one."};
    return problem;
}

Problem closed_column(const Plan& plan, const contract::ClosedColumn& column) {
    Problem problem;
    problem.file = plan.contract->file;
    problem.line = column.at.line;
    problem.column = column.at.column;
    problem.path = column.at.path;
    problem.problem = {
        fmt::format("«{}» để truy cập mở, mà cột «{}» có classification «{}»", plan.dataset->name,
                    column.path, column.classification),
        fmt::format("\"{}\" is open, and its column \"{}\" has the classification \"{}\"",
                    plan.dataset->name, column.path, column.classification)};
    problem.fix = {
        "Đặt access là internal; hoặc bỏ cột, và mở một tập dữ liệu khác không có cột đó.",
        "Make access internal; or leave the column out, and open another dataset without it."};
    return problem;
}

Result<void> insert_text(sql::Sqlite& control, const Plan& plan) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare(
                   "insert or ignore into contract_text (sha256, file, yaml) values (?, ?, ?)"));
    row.bind(1, plan.contract_sha256).bind(2, plan.contract->file).bind(3, plan.contract->text);
    return row.run();
}

Result<std::int64_t> upsert_dataset(sql::Sqlite& control, const Plan& plan) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        insert into dataset (name, version) values (?, ?)
        on conflict (name) do update set version = excluded.version)sql"));
    row.bind(1, plan.dataset->name).bind(2, plan.dataset->version);
    TRY(row.run());
    TRY_ASSIGN(sql::Statement id, control.prepare("select id from dataset where name = ?"));
    id.bind(1, plan.dataset->name);
    TRY(id.step());
    return id.integer(0);
}

Result<void> write_plan(sql::Sqlite& control, Plan& plan, Micros now) {
    TRY(insert_text(control, plan));
    TRY_ASSIGN(const std::int64_t id, upsert_dataset(control, plan));
    TRY_ASSIGN(
        sql::Statement row,
        control.prepare(
            "insert into contract (dataset, version, sha256, applied_at) values (?, ?, ?, ?)"));
    row.bind(1, id).bind(2, plan.dataset->version).bind(3, plan.contract_sha256).bind(4, now);
    TRY(row.run());
    if (plan.before) TRY(rename_fields(control, id, plan.before->contract, *plan.dataset));
    TRY(allot_fields(control, id, *plan.dataset));
    if (!plan.state) {
        plan.state = std::make_shared<DatasetState>();
        plan.state->id = id;
        plan.state->name = plan.dataset->name;
    }
    return {};
}

class Apply {
public:
    explicit Apply(Store::Impl& store) : m_store(store) {}

    Result<void> plan(const std::vector<Contract>& contracts) {
        for (const Contract& contract : contracts) {
            const std::string sha256 = crypto::sha256_hex(contract.text);
            for (const Dataset& dataset : contract.datasets) {
                if (m_by_name.contains(dataset.name)) return defined_twice(contract, dataset);
                Plan plan;
                plan.contract = &contract;
                plan.dataset = &dataset;
                plan.contract_sha256 = sha256;
                if (auto state = m_store.find(dataset.name)) {
                    plan.state = *state;
                    TRY_ASSIGN(plan.before, m_store.load_info(*state));
                }
                TRY(decide(plan));
                m_by_name[dataset.name] = &dataset;
                m_plans.push_back(std::move(plan));
            }
        }
        return check_references();
    }

    // Open data is for everybody, its segments byte for byte: no column of it may be closed.
    Result<void> check_open() const {
        Error error{Code::kInvalid,
                    {"Tập dữ liệu mở không được có cột hạn chế.",
                     "An open dataset may have no column that is not public."},
                    {},
                    {},
                    {}};
        for (const Plan& plan : m_plans) {
            if (!is_change(plan) || plan.dataset->access != contract::Access::kOpen) continue;
            for (const contract::ClosedColumn& column : contract::closed_columns(*plan.dataset))
                error.errors.push_back(closed_column(plan, column));
        }
        if (error.errors.empty()) return {};
        return std::unexpected(std::move(error));
    }

    Result<std::vector<Applied>> write() {
        const Micros now = m_store.options.clock->now();
        sql::Sqlite& control = *m_store.writer;
        const bool changes = std::any_of(m_plans.begin(), m_plans.end(), is_change);
        if (changes) {
            const Result<void> written = control.transaction([&]() -> Result<void> {
                for (Plan& plan : m_plans) {
                    if (is_change(plan)) TRY(write_plan(control, plan, now));
                }
                FAIL_POINT("apply.in_transaction");
                return {};
            });
            if (!written) {
                m_store.outcome_unknown = true;
                TRY(m_store.settle_outcome());
                return std::unexpected(written.error());
            }
            FAIL_POINT("apply.after_transaction");
        }
        std::vector<Applied> applied;
        const std::unique_lock lock(m_store.state_mutex);
        for (Plan& plan : m_plans) {
            if (is_change(plan)) {
                plan.state->version = plan.dataset->version;
                plan.state->contract_sha256 = plan.contract_sha256;
                plan.state->info.reset();
                m_store.states[plan.state->name] = plan.state;
            }
            applied.push_back(std::move(plan.applied));
        }
        return applied;
    }

private:
    static bool is_change(const Plan& plan) { return plan.applied.change != Change::kUnchanged; }

    static Result<void> defined_twice(const Contract& contract, const Dataset& dataset) {
        return fail(Code::kConflict,
                    {fmt::format("«{}» được định nghĩa hai lần, lần sau trong «{}».", dataset.name,
                                 contract.file),
                     fmt::format("\"{}\" is defined twice, the second time in \"{}\".",
                                 dataset.name, contract.file)},
                    {"Bỏ một trong hai.", "Remove one of the two."});
    }

    // Against what the call brings first, then against what is known.
    Result<void> check_references() {
        Error error{Code::kInvalid,
                    {"Hợp đồng tham chiếu tới thứ không tồn tại.",
                     "A contract refers to what does not exist."},
                    {},
                    {},
                    {}};
        for (const Plan& plan : m_plans) {
            if (!is_change(plan)) continue;
            for (const Target& target : targets_of(*plan.dataset)) {
                const auto in_call = m_by_name.find(target.dataset);
                const Dataset* dataset = in_call == m_by_name.end() ? nullptr : in_call->second;
                std::shared_ptr<const DatasetInfo> known;
                if (dataset == nullptr) {
                    if (const auto state = m_store.find(target.dataset)) {
                        TRY_ASSIGN(known, m_store.load_info(*state));
                        dataset = &known->contract;
                    }
                }
                if (dataset != nullptr && dataset->at_path(target.column) != nullptr) continue;
                error.errors.push_back(missing_target(plan, target, dataset != nullptr));
            }
        }
        if (error.errors.empty()) return {};
        return std::unexpected(std::move(error));
    }

    Store::Impl& m_store;
    std::vector<Plan> m_plans;
    std::map<std::string, const Dataset*, std::less<>> m_by_name;
};

}  // namespace

// Rows written alone are of the contract in force: they are sealed before another comes.
Result<std::vector<Applied>> Store::apply(const std::vector<contract::Contract>& contracts) {
    constexpr int kMostRounds = 20;
    const auto first_unsealed = [&]() -> std::string {
        const std::shared_lock lock(m_impl->state_mutex);
        for (const Contract& contract : contracts) {
            for (const Dataset& dataset : contract.datasets) {
                const auto found = m_impl->states.find(dataset.name);
                if (found != m_impl->states.end() && found->second->unsealed.writes > 0)
                    return dataset.name;
            }
        }
        return {};
    };
    std::unique_lock lock(m_impl->commit_mutex);
    for (int round = 0; round < kMostRounds; ++round) {
        const std::string name = first_unsealed();
        if (name.empty()) break;
        lock.unlock();
        TRY(seal(name));
        lock.lock();
    }
    if (const std::string name = first_unsealed(); !name.empty()) {
        return fail(Code::kUnavailable,
                    {fmt::format("«{}» đang được ghi liên tục.", name),
                     fmt::format("\"{}\" is being written all the time.", name)},
                    {"Thử lại sau ít giây.", "Try again in a few seconds."});
    }
    TRY(m_impl->check_writable());
    TRY(m_impl->settle_outcome());
    Apply apply(*m_impl);
    TRY(apply.plan(contracts));
    TRY(apply.check_open());
    return apply.write();
}

}  // namespace nguon::store
