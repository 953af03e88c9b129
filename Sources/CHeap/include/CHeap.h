#ifndef CHEAP_H
#define CHEAP_H

/// Sets the C library's allocator up for a process that is over in a moment: one heap for all threads, which grows in large steps
/// and gives nothing back. To be called before anything large is allocated. Other C libraries than GNU's are left as they are.
void cheap_for_a_moment(void);

#endif
