// One connection: reads a request, answers it, and goes on to the next. A state machine on the
// thread of its Loop; only run_handler() and the sink for progress run elsewhere, and they post
// back.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <condition_variable>
#include <memory>
#include <optional>
#include <string>

#include "http/internal/answer.h"
#include "http/internal/event_stream.h"
#include "http/internal/service.h"
#include "http/internal/wire.h"

namespace nguon::http {

class Session : public std::enable_shared_from_this<Session> {
public:
    // `client`: whom limits of one client are counted for.
    Session(Loop& loop, asio::ip::tcp::socket socket, const ListenerOptions& listener,
            std::optional<ClientKey> client);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void start();
    void sweep(Ticks::time_point now);  // deadlines, heartbeats, clients that went away
    void close_if_idle();               // the server is stopping
    void close();

private:
    enum class State {
        kIdle,
        kHead,
        kBody,
        kSpooling,  // a part of the body is being written to its file
        kHandling,
        kStreaming,  // handling, with events of progress
        kWriting,
        kLingering,  // closed for sending; what still comes is dropped (RFC 9112 section 9.6)
        kClosed
    };
    using Buffers = std::array<asio::const_buffer, 2>;
    using Next = void (Session::*)();

    // session.cc: reading
    void advance();
    void step();
    void read();
    void on_read(std::uint64_t reading, const boost::system::error_code& failure,
                 std::size_t count);
    void make_room();
    std::string_view unread() const { return {m_in.data() + m_in_first, m_in_last - m_in_first}; }
    void feed_head();
    void on_head();
    void identify();
    void greet_body();
    void start_body();
    void refuse_size();
    void feed_body();
    void flush_spool();
    void on_spooled(bool ok);
    void refuse(const Fault& fault);
    void refuse(const Error& error, int status);
    void handle();
    void run_handler();

    // session_limits.cc: slow clients, rates, hosts
    bool refuse_rate();
    bool refuse_other_host();
    // Whether `bytes` since `start` are fewer than the least rate asks for, past `grace`.
    bool too_slow(Ticks::time_point start, Ticks::duration grace, std::uint64_t bytes,
                  Ticks::time_point now) const;
    void time_out();
    bool client_is_gone();

    // session_answer.cc: writing
    void on_handled();
    void answer(Outgoing&& out);
    void write_all(const Buffers& buffers, Next next);
    void write_on();
    void take_written(std::size_t count);
    void send_head();
    void on_file_chunk(std::ptrdiff_t count);
    void read_file_chunk();
    void finish();
    void record();
    void next_request();

    // session_events.cc: progress while a handler works
    void start_events();
    void on_progress(const Progress& progress);
    bool on_emit(std::string_view text);
    void send_emitted(std::string&& text);
    void wake_emitter();
    void send_event(std::string&& text);
    void write_events();
    void finish_events();
    void write_result();
    void end_events();

    void expire_in(Ticks::duration time) { m_deadline = Ticks::now() + time; }
    bool nothing_arrived();

    Loop& m_loop;
    Service& m_service;
    const ListenerOptions& m_listener;
    const Listener m_kind;
    const std::optional<ClientKey> m_client;
    asio::ip::tcp::socket m_socket;

    State m_state = State::kIdle;
    bool m_advancing = false;
    bool m_waiting = false;       // something asynchronous will call advance()
    bool m_close_after = false;   // no request follows this one
    bool m_answering = false;     // an answer has begun and is not recorded yet
    std::uint64_t m_reading = 0;  // the read that counts; older ones are ignored
    Ticks::time_point m_deadline;
    Ticks::time_point m_started;
    Ticks::time_point m_body_started;  // moved on by the time that our own disk took
    Ticks::time_point m_spool_started;
    Ticks::time_point m_answer_started;

    std::string m_in;  // bytes from m_in_first to m_in_last are unread
    std::size_t m_in_first = 0;
    std::size_t m_in_last = 0;
    RequestParser m_parser;
    Request m_request;
    const Route* m_route = nullptr;
    std::uint64_t m_received = 0;
    std::uint64_t m_body_size = 0;
    std::uint64_t m_most_body = 0;  // of the route
    int m_spool = -1;               // descriptor of the body's file

    Outgoing m_out;
    std::string m_head;
    Buffers m_writing;  // what is left to write, and what comes after
    Next m_next = nullptr;
    std::string m_chunk;  // of the file that is sent
    int m_file = -1;      // descriptor of the file that is sent
    std::uint64_t m_file_at = 0;
    std::uint64_t m_file_left = 0;
    std::uint64_t m_sent = 0;

    std::atomic<bool> m_cancelled{false};
    std::mutex m_progress_mutex;  // guards the two below: handlers report from several threads
    Ticks::time_point m_progress_at;
    std::string m_progress_step;
    std::string m_result;  // the last event
    std::string m_events;  // to be written
    std::string m_events_writing;
    Ticks::time_point m_events_at;
    // Of a handler that streams: bytes that it gave, and those that left; under m_emit_mutex.
    std::mutex m_emit_mutex;
    std::condition_variable m_emit_room;
    std::uint64_t m_emitted = 0, m_flushed = 0;
    std::uint64_t m_in_events = 0, m_in_writing = 0;  // of the loop: such bytes in the two texts
};

}  // namespace nguon::http
