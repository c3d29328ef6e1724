#include "http/message.h"

#include <gtest/gtest.h>

#include "base/spoken.h"

namespace nguon::http {
namespace {

Error sample() {
    Error error{
        Code::kRefused, {"Lô bị từ chối", "The batch is refused"}, {"Sửa", "Fix it"}, {}, {}};
    error.errors.push_back({"a.csv", 3, 7, "rows[2]", {"sai", "wrong"}, {"đúng", "right"}});
    error.attachment = R"({"receipt":{"batch":"b1"},"code":"invalid"})";
    return error;
}

// Goal: RFC 9110 5.1 and 5.3. Method: the same name in two cases, set and added.
TEST(Headers, NamesAreComparedWithoutCaseAndRepeatsAreJoined) {
    Headers headers;
    headers.add("Accept", "a");
    headers.add("ACCEPT", "b");
    EXPECT_EQ(headers.get("accept"), "a, b");
    headers.set("accept", "c");
    EXPECT_EQ(headers.all().size(), 1u);
    headers.remove("Accept");
    EXPECT_FALSE(headers.has("accept"));
}

// Goal: one shape of failure in the language asked for, with the receipt beside it, and an
// attachment that cannot change the code. Method: a refused batch in Vietnamese.
TEST(Problem, CarriesCodeFixPlacesAndAttachment) {
    Request request;
    request.id = "r1";
    request.language = Language::kVietnamese;
    const Response answer = problem(sample(), request);
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.headers.get("content-type"), "application/problem+json");
    const auto body = parse_json(answer.body).value().as_object();
    EXPECT_EQ(body.at("type"), "urn:nguon:problem:refused");
    EXPECT_EQ(body.at("status"), 422);
    EXPECT_EQ(body.at("code"), "refused");
    EXPECT_EQ(body.at("detail"), "Lô bị từ chối");
    EXPECT_EQ(body.at("instance"), "urn:nguon:request:r1");
    EXPECT_EQ(body.at("errors").as_array().at(0).as_object().at("fix"), "đúng");
    EXPECT_EQ(body.at("receipt").as_object().at("batch"), "b1");
}

// Goal: HTTP names parameters as it has them; the command line gets the marks that it names.
TEST(Problem, NamesParametersUnlessTheCallerDoes) {
    Error error{Code::kNotFound, Text::same("No row."), {}, {}, {}};
    error.fix = Text::same("Ask with " + spoken::parameter("as_of") + ".");
    error.errors.push_back({"", 0, 0, "as_of", error.detail, error.fix});
    Request request;
    const auto told = parse_json(problem(error, request).body).value();
    EXPECT_EQ(told.at("fix"), "Ask with as_of.");
    EXPECT_EQ(told.at("errors").at(0).at("fix"), "Ask with as_of.");
    request.headers.set(spoken::kHeader, spoken::kMarked);
    const Error back = error_of(problem(error, request));
    EXPECT_EQ(back.fix.en, error.fix.en);
    EXPECT_EQ(back.errors[0].fix.en, error.fix.en);
}

TEST(Problem, OfTheCommandLineIsUnderErrorWithTheAttachmentBeside) {
    const json::object out = error_object(sample(), Language::kEnglish);
    const json::object& error = out.at("error").as_object();
    EXPECT_EQ(error.at("code"), "refused");
    EXPECT_EQ(error.at("detail"), "The batch is refused");
    EXPECT_EQ(error.at("errors").as_array().at(0).as_object().at("line"), 3);
    EXPECT_EQ(out.at("receipt").as_object().at("batch"), "b1");
}

// Goal: a command shows the same failure whether a node answered or not. Method: there and back.
TEST(Problem, ReadsBackToTheSameError) {
    const Error error = error_of(problem(sample(), Request{}));
    EXPECT_EQ(error.code, Code::kRefused);
    EXPECT_EQ(error.detail.en, "The batch is refused");
    EXPECT_EQ(error.fix.vi, "Fix it");
    ASSERT_EQ(error.errors.size(), 1u);
    EXPECT_EQ(error.errors[0].column, 7);
    EXPECT_EQ(error.attachment, R"({"receipt":{"batch":"b1"}})");
}

TEST(Problem, WithoutABodyIsReadByItsStatus) {
    Response answer;
    answer.status = 503;
    EXPECT_EQ(error_of(answer).code, Code::kUnavailable);
    answer.status = 502;
    answer.body = "<html>";
    EXPECT_EQ(error_of(answer).code, Code::kInternal);
}

TEST(Problem, SaysWhenToTryAgain) {
    const Response answer = problem({Code::kUnavailable, {}, {}, {}, {}}, Request{});
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.headers.get("Retry-After"), "1");
}

}  // namespace
}  // namespace nguon::http
