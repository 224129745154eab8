/* Stands in for a part that has no file yet. */
extern int duet_empty_part;
int duet_empty_part;
