// What the handlers of one node share.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/settings.h"
#include "crypto/keys.h"
#include "http/router.h"
#include "http/server.h"
#include "intake/load.h"
#include "intake/row_writer.h"
#include "node/internal/courses.h"
#include "node/internal/orphans.h"
#include "node/node.h"
#include "store/lookups.h"
#include "store/store.h"

namespace nguon::node {

struct State {
    std::filesystem::path folder;
    Seams seams;
    NodeConfig config;
    Identity identity;
    std::string admin_token;
    std::optional<crypto::PrivateKey> key;
    std::optional<crypto::PublicKey> public_key;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<store::StoreHistory> history;
    std::unique_ptr<store::Lookups> lookups;
    std::unique_ptr<Courses> courses;
    std::unique_ptr<Orphans> orphans;
    intake::LoadOptions load_options;
    std::unique_ptr<intake::RowWriter> row_writer;     // null when only read
    std::atomic<const http::Server*> server{nullptr};  // while serving
    std::atomic<bool> stopping{false};
    std::atomic<int> followers{0};  // that wait for changes
};

// The dataset that the path names, when the caller may read it. Errors: not_found, denied.
Result<std::shared_ptr<const store::DatasetInfo>> readable_dataset(State& state,
                                                                   const http::Request& request);
Result<void> may_read(const store::DatasetInfo& dataset, const http::Request& request);
// A whole number of the query string within bounds; `standard` when it is absent. Errors: invalid.
Result<std::int64_t> integer_parameter(const http::Request& request, std::string_view name,
                                       std::int64_t standard, std::int64_t lowest,
                                       std::int64_t highest);
// The body as JSON. Errors: invalid, too_large over 8 MiB.
Result<json::value> json_body(State& state, const http::Request& request);
// The body's bytes, from memory or its file. Errors: too_large over 8 MiB.
Result<std::string> body_bytes(State& state, const http::Request& request);
// A receipt with 200 when it was given before, else `fresh`; that of a refused batch as a problem.
http::Response receipt_answer(const store::Receipt& receipt, const http::Request& request,
                              int fresh);
// A file under the spool folder that goes when the answer was sent.
std::shared_ptr<http::BodyFile> temporary_file(State& state, std::string_view suffix);

// For /metrics: the process, and the disk that `data` is on.
std::string process_metrics(const std::filesystem::path& data);
// Rules that are SQL queries: whether each parses, is allowed and gives one value, on empty
// datasets. Errors: invalid, naming each that does not; unavailable.
Result<void> check_sql_rules(State& state, const std::vector<contract::Contract>& contracts);
// Asks them of loads. `state` must outlive it.
intake::AskSql sql_asker(State& state);

// The route table, a file for each part.
void add_system_routes(http::Router& router, State& state);   // health, metrics, node, openapi
void add_dataset_routes(http::Router& router, State& state);  // datasets, contracts, chain
void add_quality_routes(http::Router& router, State& state);  // scores over time, and why
void add_row_routes(http::Router& router, State& state);      // rows, history, views
void add_batch_routes(http::Router& router, State& state);    // batches, quarantine
void add_backup_routes(http::Router& router, State& state);   // backups
void add_query_routes(http::Router& router, State& state);    // SQL
void add_form_routes(http::Router& router, State& state);     // a contract's forms
void add_import_routes(http::Router& router, const Seams& seams);
// `store`: of the node, for the lists that contracts refer to; null without one.
void add_check_routes(http::Router& router, const Seams& seams,
                      std::filesystem::path temporary_folder, const store::Store* store);

}  // namespace nguon::node
